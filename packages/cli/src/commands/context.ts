import type { Io } from "../io/io.ts";

/** What every command gets: the outside world, and where to leave its exit code. */
export interface Context {
  readonly io: Io;
  finish(code: number): void;
}
