import { once } from "node:events";
import { text } from "node:stream/consumers";
import pc from "picocolors";

export type Colors = ReturnType<typeof pc.createColors>;

/** The outside of a command: data goes to `out`, everything else to `err`. Tests hand in their own. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Resolves when what was printed has been read far enough to print on; absent where that is always. */
  drained?(): Promise<void>;
  readonly outColors: Colors;
  readonly errColors: Colors;
  /** Whether stdout is a terminal. */
  readonly terminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Everything on standard input. */
  readStdin(): Promise<string>;
}

/** The real streams. Colour only on a terminal, never with NO_COLOR (https://no-color.org) or TERM=dumb. */
export function processIo(): Io {
  const wanted = !process.env.NO_COLOR && process.env.TERM !== "dumb";
  return {
    out: (chunk) => void process.stdout.write(chunk),
    err: (chunk) => void process.stderr.write(chunk),
    drained: async () => {
      if (process.stdout.writableNeedDrain) await once(process.stdout, "drain");
    },
    outColors: pc.createColors(wanted && process.stdout.isTTY === true),
    errColors: pc.createColors(wanted && process.stderr.isTTY === true),
    terminal: process.stdout.isTTY === true,
    env: process.env,
    readStdin: () => text(process.stdin),
  };
}
