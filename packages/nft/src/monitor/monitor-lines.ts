import type { TableRef } from "../table.ts";
import type { Writer } from "./table-listener.ts";

/** What is heard of the kernel. */
export type Heard =
  /** A transaction, and whether something of the table was in it. `writer` as of Linux 4.16. */
  | { readonly kind: "generation"; readonly touched: Touched; readonly writer?: Writer }
  /** Some were lost. */
  | { readonly kind: "lost" };

type Touched = "yes" | "perhaps" | "no";

const generation = /^# new generation [0-9]+(?: by process ([0-9]+) \((.*)\)$)?/;

/** Without a word about whose it is: nft 1.0.6 forgets sets that were replaced, or that came to a name that had gone. */
const unknownSet = "W: Received event for an unknown set";

/** Of little importance: nft gets a smaller buffer than it asked for. */
const smallBuffer = "# Cannot set up netlink receive socket buffer";
/** Of rules that iptables wrote with a match or target that nft has no extension for (as of 1.0.7). */
const warning = "# Warning: ";

/**
 * Reads what `nft monitor` prints: a line for each object and element that a transaction changed, then one for the
 * transaction. Nothing is asked of these lines but whose table they are of.
 */
export class MonitorLines {
  readonly #table: string;
  #rest = "";
  #touched: Touched = "no";

  constructor({ family, name }: TableRef) {
    this.#table = ` ${family} ${name}`;
  }

  *read(chunk: string): Iterable<Heard> {
    // A long line in many pieces is looked through once.
    if (!chunk.includes("\n")) {
      this.#rest += chunk;
      return;
    }
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
    if (this.#isOfTable(line)) this.#touched = "yes";
    else if (this.#touched === "no" && line.startsWith(unknownSet)) this.#touched = "perhaps";
    return undefined;
  }

  #remark(line: string): Heard | undefined {
    const found = generation.exec(line);
    if (found === null)
      return [smallBuffer, warning].some((start) => line.startsWith(start)) ? undefined : { kind: "lost" };
    const [, pid, name = ""] = found;
    const touched = this.#touched;
    this.#touched = "no";
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
