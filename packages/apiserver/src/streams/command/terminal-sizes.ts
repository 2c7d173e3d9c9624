/** What a client sends when its terminal changes. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A size is some thirty characters. */
const longest = 4096;
const largest = 0xffff;

/** Reads the sizes of the resize channel: objects `{"Width":80,"Height":24}` one after the other, however chunked. */
export class TerminalSizes {
  #text = "";

  push(chunk: Buffer): TerminalSize[] {
    this.#text = (this.#text + chunk.toString("latin1")).slice(-longest);
    const sizes: TerminalSize[] = [];
    for (;;) {
      const end = this.#text.indexOf("}");
      if (end < 0) return sizes;
      const size = parse(this.#text.slice(0, end + 1));
      if (size !== undefined) sizes.push(size);
      this.#text = this.#text.slice(end + 1);
    }
  }
}

function parse(text: string): TerminalSize | undefined {
  try {
    const { Width: columns, Height: rows } = JSON.parse(text) as { Width?: unknown; Height?: unknown };
    return isSize(columns) && isSize(rows) ? { columns, rows } : undefined;
  } catch {
    return undefined;
  }
}

const isSize = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value > 0 && value <= largest;
