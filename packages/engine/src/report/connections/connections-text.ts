import type { Direction } from "../../model/network-policy.ts";
import type { ConnectionList } from "../../reach/connection-list.ts";
import type { ListedPeer } from "../../reach/listed-peer.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { portSetText } from "../port-set-text.ts";
import { printable } from "../text/printable.ts";
import { plainStyle, type Style } from "../text/style.ts";
import { padEnd, textWidth } from "../text/text-width.ts";
import { type ConnectionLine, connectionLines, type Everyone } from "./connection-lines.ts";

export interface ConnectionsTextOptions {
  readonly style?: Style;
  /** Every connection on a line of its own, with the number of pods and the isolating policies of both sides. */
  readonly wide?: boolean;
}

/** Longer texts of ranges outside are numbered in the table, and told below it. */
const longestRange = 43;
/** Lines that are given out at once. */
const chunk = 512;

/**
 * A table for people, in chunks; nothing when there are no connections. Where every other peer has the same ports towards
 * a destination one line says so (see `connectionLines`), unless it is `wide`.
 */
export function* connectionsText(
  list: ConnectionList,
  { style = plainStyle, wide = false }: ConnectionsTextOptions = {},
): Iterable<string> {
  const numbered = new Map<string, string>();
  const name = (side: ListedPeer | Everyone) => nameOf(side, numbered);
  const isolated = (side: ListedPeer | Everyone, direction: Direction) => policiesText(side, direction, list);
  const columns: readonly TextColumn[] = [
    new Column("SOURCE", ({ source }) => source, name),
    ...(wide ? [new Column("PODS", ({ source }) => source, podsText)] : []),
    new Column("DESTINATION", ({ destination }) => destination, name),
    ...(wide ? [new Column("PODS", ({ destination }) => destination, podsText)] : []),
    new Column("PORTS", ({ ports }) => ports, portSetText),
    ...(wide
      ? [
          new Column(
            "EGRESS-POLICIES",
            ({ source }) => source,
            (side) => isolated(side, "Egress"),
          ),
          new Column(
            "INGRESS-POLICIES",
            ({ destination }) => destination,
            (side) => isolated(side, "Ingress"),
          ),
        ]
      : []),
  ];
  let empty = true;
  for (const line of connectionLines(list, !wide)) {
    for (const column of columns) column.measure(line);
    empty = false;
  }
  if (empty) return;
  for (const [at, column] of columns.entries()) column.fill(at === columns.length - 1);
  yield `${style.bold(columns.map((column) => column.header()).join(""))}\n`;
  let [text, lines] = ["", 0];
  for (const line of connectionLines(list, !wide)) {
    for (const column of columns) text += column.text(line);
    text += "\n";
    if (++lines < chunk) continue;
    yield text;
    [text, lines] = ["", 0];
  }
  yield text;
  if (numbered.size > 0) yield "\n";
  for (const [long, short] of numbered) yield `${style.dim(`${short} = ${long}`)}\n`;
}

interface TextColumn {
  /** Of every line first. */
  measure(line: ConnectionLine): void;
  /** Fills up what was measured, but for the last column. */
  fill(isLast: boolean): void;
  header(): string;
  text(line: ConnectionLine): string;
}

/** A column whose cells depend on one thing of a line: the text of each is made once, and filled up once. */
class Column<T> implements TextColumn {
  readonly #of: (line: ConnectionLine) => T;
  readonly #write: (thing: T) => string;
  readonly #cells = new Map<T, string>();
  #head: string;
  #width: number;
  /** Lines in a row have much in common. */
  #last: T | undefined;
  #lastText = "";

  constructor(head: string, of: (line: ConnectionLine) => T, write: (thing: T) => string) {
    this.#head = head;
    this.#of = of;
    this.#write = write;
    this.#width = head.length;
  }

  measure(line: ConnectionLine): void {
    const thing = this.#of(line);
    if (this.#last === thing) return;
    let text = this.#cells.get(thing);
    if (text === undefined) {
      text = this.#write(thing);
      this.#cells.set(thing, text);
      this.#width = Math.max(this.#width, textWidth(text));
    }
    this.#last = thing;
  }

  fill(isLast: boolean): void {
    this.#last = undefined;
    if (isLast) return;
    const filled = (text: string) => `${padEnd(text, this.#width)}   `;
    this.#head = filled(this.#head);
    for (const [thing, text] of this.#cells) this.#cells.set(thing, filled(text));
  }

  header(): string {
    return this.#head;
  }

  text(line: ConnectionLine): string {
    const thing = this.#of(line);
    if (this.#last !== thing) {
      this.#last = thing;
      this.#lastText = this.#cells.get(thing)!;
    }
    return this.#lastText;
  }
}

function nameOf(side: ListedPeer | Everyone, numbered: Map<string, string>): string {
  if (typeof side === "string") return side;
  const text = printable(listedPeerText(side));
  if (side.kind === "pods" || text.length <= longestRange) return text;
  const short = numbered.get(text) ?? `outside-${numbered.size + 1}`;
  numbered.set(text, short);
  return short;
}

/** How many pods: of a workload in a manifest its replicas, when they are told. */
function podsText(side: ListedPeer | Everyone): string {
  if (typeof side === "string" || side.kind === "outside") return "-";
  const [pod] = side.pods;
  if (side.pods.length > 1 || pod?.workload === undefined) return `${side.pods.length}`;
  return pod.workload.replicas === undefined ? "?" : `${pod.workload.replicas}`;
}

function policiesText(side: ListedPeer | Everyone, direction: Direction, list: ConnectionList): string {
  if (typeof side === "string" || side.kind === "outside") return "-";
  const names = list.isolating(side, direction).map(({ name }) => name);
  return printable(names.join()) || "<none>";
}
