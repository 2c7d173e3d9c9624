import type { Io } from "./io.ts";

export interface Progress {
  /** What is being done now. */
  show(text: string): void;
  /** Takes the line away. */
  end(): void;
}

const silent: Progress = { show: () => {}, end: () => {} };

/** Milliseconds without a word: what is over by then needs none. */
const patienceMs = 1_000;
/** Milliseconds between two updates. */
const paceMs = 100;

const clearLine = "\r\u001b[K";

/** One line on stderr that changes in place, on a terminal only, and only of work that takes more than a second. */
export function progressLine(
  io: Io,
  terminal: boolean,
  now: () => number = () => performance.now(),
): Progress {
  if (!terminal) return silent;
  const start = now();
  let last = Number.NEGATIVE_INFINITY;
  let shown = false;
  return {
    show(text) {
      const at = now();
      if (at - start < patienceMs || at - last < paceMs) return;
      last = at;
      shown = true;
      io.err(`${clearLine}${text}`);
    },
    end() {
      if (shown) io.err(clearLine);
      shown = false;
    },
  };
}
