import { closeSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { makePipe } from "../libc.ts";

/**
 * A pipe for what a process prints. Node's own are sockets, which a program cannot open by the name /dev/stdout as many
 * do: images that log to a file have a link to it there.
 */
export class OutputPipe {
  /** For the process. */
  readonly writeEnd: number;
  readonly #readEnd: number;

  constructor() {
    const { readEnd, writeEnd } = makePipe();
    this.#readEnd = readEnd;
    this.writeEnd = writeEnd;
  }

  /** What comes out, once the process has its end. */
  read(): Readable {
    closeSync(this.writeEnd);
    return new Socket({ fd: this.#readEnd, readable: true, writable: false });
  }

  /** Nothing was spawned. */
  abandon(): void {
    closeSync(this.writeEnd);
    closeSync(this.#readEnd);
  }
}
