import type { PortProbe } from "./case.ts";

/**
 * Lines like `- * -> x/a` (denied) and `+ y,x/b -> x/a @ 80,81 TCP` (allowed), of which the last that fits decides;
 * what no line fits is allowed, and a pod always reaches itself. An end is `*` for all, or a list of a namespace (`x`), a
 * pod (`x/a`), the pods of one name in every namespace (`any/a`), and `node`; after `@` stand ports, a protocol or both.
 */
export class TruthTable {
  readonly #lines: readonly Line[];

  /** Throws SyntaxError for a line that cannot be read. */
  constructor(lines: readonly string[]) {
    this.#lines = lines.map(parseLine);
  }

  allows(from: string, to: string, { port, protocol }: PortProbe): boolean {
    if (from === to) return true;
    const line = this.#lines.findLast(
      (each) =>
        each.from(from) &&
        each.to(to) &&
        (each.ports.length === 0 || each.ports.includes(port)) &&
        (each.protocols.length === 0 || each.protocols.includes(protocol)),
    );
    return line?.allowed ?? true;
  }
}

interface Line {
  readonly allowed: boolean;
  readonly from: (end: string) => boolean;
  readonly to: (end: string) => boolean;
  readonly ports: readonly number[];
  readonly protocols: readonly string[];
}

const pattern = /^([+-]) (\S+) -> (\S+)(?: @(?: ([0-9,]+))?(?: ([A-Z,]+))?)?$/;

function parseLine(line: string): Line {
  const found = pattern.exec(line);
  if (found === null) throw new SyntaxError(`no line of a truth table: ${line}`);
  const [, sign, from, to, ports = "", protocols = ""] = found;
  return {
    allowed: sign === "+",
    from: endPattern(from!),
    to: endPattern(to!),
    ports: ports === "" ? [] : ports.split(",").map(Number),
    protocols: protocols === "" ? [] : protocols.split(","),
  };
}

function endPattern(text: string): (end: string) => boolean {
  if (text === "*") return () => true;
  const items = text.split(",");
  return (end) => {
    const [namespace, pod] = end.split("/");
    return items.some((item) => item === end || item === namespace || item === `any/${pod}`);
  };
}
