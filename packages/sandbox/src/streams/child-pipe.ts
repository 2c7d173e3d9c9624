import { closeSync } from "node:fs";
import { Socket } from "node:net";
import { makePipe } from "../node/system/libc.ts";

/**
 * A pipe to or from a child. Node's own are sockets, which a program cannot open by the names /dev/stdin and /dev/stdout as
 * many do: images that log to a file have a link to it there.
 */
export class ChildPipe {
  /** For the child. */
  readonly childEnd: number;
  readonly #ownEnd: number;
  readonly #direction: "input" | "output";

  /** @param direction What it is to the child. */
  constructor(direction: "input" | "output") {
    const { readEnd, writeEnd } = makePipe();
    this.#direction = direction;
    this.childEnd = direction === "input" ? readEnd : writeEnd;
    this.#ownEnd = direction === "input" ? writeEnd : readEnd;
  }

  /** Our end, once the child has its own. */
  open(): Socket {
    closeSync(this.childEnd);
    const input = this.#direction === "input";
    return new Socket({ fd: this.#ownEnd, readable: !input, writable: input });
  }

  /** Nothing was spawned. */
  abandon(): void {
    closeSync(this.childEnd);
    closeSync(this.#ownEnd);
  }
}
