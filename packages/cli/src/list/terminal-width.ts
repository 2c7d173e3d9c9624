import type { Io } from "../io/io.ts";

/** Columns of the terminal on stdout, by COLUMNS first and 80 if nobody knows; undefined where there is no terminal. */
export function terminalWidth(io: Io): number | undefined {
  if (!io.terminal) return undefined;
  const told = Number(io.env.COLUMNS);
  if (Number.isInteger(told) && told >= 20) return told;
  return process.stdout.columns ?? 80;
}
