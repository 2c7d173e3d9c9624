import { connect, type Socket } from "node:net";
import { framed, Unframer } from "../framing.ts";
import { readHead, withId } from "./message-head.ts";

/** Where a DNS server asks for names that are not its own. */
export interface Upstream {
  /** The answer, under the query's own number; undefined when there is none to be had. */
  ask(query: Uint8Array): Promise<Uint8Array | undefined>;
}

interface Waiting {
  readonly id: number;
  readonly resolve: (answer: Uint8Array | undefined) => void;
}

/** The node part's end of `RelayServer`: one connection for all questions, made when there is a first one. */
export class RelayClient implements Upstream {
  readonly #socketPath: string;
  /** By the number that a question has on the connection: those of clients may meet. */
  readonly #waiting = new Map<number, Waiting>();
  #socket: Socket | undefined;
  #next = 0;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  ask(query: Uint8Array): Promise<Uint8Array | undefined> {
    const head = readHead(query);
    const own = this.#freeId();
    if (head === undefined || own === undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#waiting.set(own, { id: head.id, resolve });
      this.#connection().write(framed(withId(query, own)));
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #freeId(): number | undefined {
    if (this.#waiting.size >= 65_536) return undefined;
    while (this.#waiting.has(this.#next)) this.#next = (this.#next + 1) & 65_535;
    return this.#next;
  }

  #connection(): Socket {
    if (this.#socket !== undefined) return this.#socket;
    const socket = connect(this.#socketPath);
    const unframer = new Unframer();
    this.#socket = socket;
    socket.on("data", (piece: Buffer) => {
      for (const answer of unframer.push(piece)) this.#settle(answer);
    });
    socket.on("error", () => {});
    // The supervisor has gone, and with it soon everything in here; or it never listened.
    socket.on("close", () => {
      this.#socket = undefined;
      for (const { resolve } of this.#waiting.values()) resolve(undefined);
      this.#waiting.clear();
    });
    return socket;
  }

  #settle(answer: Uint8Array): void {
    const own = answer.length < 2 ? -1 : answer[0]! * 256 + answer[1]!;
    const waiting = this.#waiting.get(own);
    if (waiting === undefined) return;
    this.#waiting.delete(own);
    waiting.resolve(withId(answer, waiting.id));
  }
}
