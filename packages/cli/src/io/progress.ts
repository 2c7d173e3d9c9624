import type { Io } from "./io.ts";

export interface Progress {
  /** What is being done now. */
  show(text: string): void;
  /** Takes the line away. */
  end(): void;
}

const silent: Progress = { show: () => {}, end: () => {} };

/** Milliseconds of the process without a word: what is over by then needs none. */
const patienceMs = 1_000;
/** Milliseconds between two updates. */
const paceMs = 100;

const clearLine = "\r\u001b[K";

/**
 * One line on stderr that changes in place, on a terminal only, and only when the command takes more than a second.
 * @param now Milliseconds since the process began.
 */
export function progressLine(
  io: Io,
  terminal: boolean,
  now: () => number = () => performance.now(),
): Progress {
  if (!terminal) return silent;
  let last = Number.NEGATIVE_INFINITY;
  let shown = false;
  return {
    show(text) {
      const at = now();
      if (at < patienceMs || at - last < paceMs) return;
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

/** The line of a command, unless `--quiet` or a stderr that is no terminal silences it. */
export function commandProgress(io: Io, { quiet = false }: { readonly quiet?: boolean }): Progress {
  return progressLine(io, !quiet && process.stderr.isTTY === true);
}

/** As `commandProgress`, for work that prints as it goes: nothing where that goes to a terminal too. */
export function printingProgress(io: Io, options: { readonly quiet?: boolean }): Progress {
  return io.terminal ? silent : commandProgress(io, options);
}
