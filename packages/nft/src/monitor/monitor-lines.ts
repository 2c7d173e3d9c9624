import type { TableRef } from "../table.ts";
import type { Writer } from "./table-listener.ts";

/** What is heard of the kernel. */
export type Heard =
  /** A transaction; `touched` when something of the table was in it, or may have been. `writer` as of Linux 4.16. */
  | { readonly kind: "generation"; readonly touched: boolean; readonly writer?: Writer }
  /** What nft knows of tables is out of date: it cannot tell what it hears of. To be followed by a generation. */
  | { readonly kind: "outdated" }
  /** Some were lost. */
  | { readonly kind: "lost" };

const generation = /^# new generation [0-9]+(?: by process ([0-9]+) \((.*)\)$)?/;

/** Without a word about whose it is. nft 1.0.6 knows none of a table any more that was replaced in one transaction. */
const unknownSet = "W: Received event for an unknown set";

/** Of little importance: nft gets a smaller buffer than it asked for. */
const smallBuffer = "# Cannot set up netlink receive socket buffer";

/**
 * Reads what `nft monitor` prints: a line for each object and element that a transaction changed, then one for the
 * transaction. Nothing is asked of these lines but whose table they are of.
 */
export class MonitorLines {
  readonly #table: string;
  #rest = "";
  #touched = false;

  constructor({ family, name }: TableRef) {
    this.#table = ` ${family} ${name}`;
  }

  *read(chunk: string): Iterable<Heard> {
    const text = this.#rest + chunk;
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      const heard = this.#line(text.slice(from, end));
      if (heard !== undefined) yield heard;
      from = end + 1;
    }
    this.#rest = text.slice(from);
  }

  #line(line: string): Heard | undefined {
    if (line.startsWith("#")) return this.#remark(line);
    const isOutdated = line.startsWith(unknownSet);
    this.#touched ||= isOutdated || this.#isOfTable(line);
    return isOutdated ? { kind: "outdated" } : undefined;
  }

  #remark(line: string): Heard | undefined {
    const found = generation.exec(line);
    if (found === null) return line.startsWith(smallBuffer) ? undefined : { kind: "lost" };
    const [, pid, name = ""] = found;
    const touched = this.#touched;
    this.#touched = false;
    const writer = pid === undefined ? {} : { writer: { pid: Number(pid), name } };
    return { kind: "generation", touched, ...writer };
  }

  /** `delete table inet portcullis`, `add rule inet portcullis c_pods drop`, `add element inet portcullis s { … }`. */
  #isOfTable(line: string): boolean {
    const object = line.indexOf(" ");
    const table = line.indexOf(" ", object + 1);
    if (object <= 0 || !line.startsWith(this.#table, table)) return false;
    const next = line[table + this.#table.length];
    return next === undefined || next === " ";
  }
}
