import type { Cell } from "./case.ts";

/**
 * Lines like `- * -> x/a` (denied) and `+ y,x/b -> x/a @ 80,81 TCP` (allowed), of which the last that fits decides;
 * what no line fits is allowed, and a pod always reaches itself. An end is `*` for all, or a list of a namespace (`x`), a
 * pod (`x/a`), the pods of one name in every namespace (`any/a`), and `node`; after `@` stand
 * ports, protocols and a family, each of which may be left out.
 */
export class TruthTable {
  readonly #lines: readonly Line[];

  /** Throws SyntaxError for a line that cannot be read. */
  constructor(lines: readonly string[]) {
    this.#lines = lines.map(parseLine);
  }

  allows({ from, to, port, protocol, family }: Omit<Cell, "via">): boolean {
    if (from === to) return true;
    const line = this.#lines.findLast(
      (each) =>
        each.from(from) &&
        each.to(to) &&
        (each.ports.length === 0 || each.ports.includes(port)) &&
        (each.protocols.length === 0 || each.protocols.includes(protocol)) &&
        (each.family ?? family) === family,
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
  readonly family: number | undefined;
}

const pattern = /^([+-]) (\S+) -> (\S+)(?: @(?= )(?: ([0-9,]+))?(?: ([A-Z,]+))?(?: IPv([46]))?)?$/;

function parseLine(line: string): Line {
  const found = pattern.exec(line);
  if (found === null) throw new SyntaxError(`no line of a truth table: ${line}`);
  const [, sign, from, to, ports = "", protocols = "", family] = found;
  return {
    allowed: sign === "+",
    from: endPattern(from!),
    to: endPattern(to!),
    ports: ports === "" ? [] : ports.split(",").map(Number),
    protocols: protocols === "" ? [] : protocols.split(","),
    family: family === undefined ? undefined : Number(family),
  };
}

/** Whether an end is meant; the same few ends are asked for again and again. */
function endPattern(text: string): (end: string) => boolean {
  if (text === "*") return () => true;
  const items = new Set(text.split(","));
  const known = new Map<string, boolean>();
  return (end) => {
    let meant = known.get(end);
    if (meant === undefined) {
      const [namespace = "", pod] = end.split("/");
      meant = items.has(end) || items.has(namespace) || items.has(`any/${pod}`);
      known.set(end, meant);
    }
    return meant;
  };
}
