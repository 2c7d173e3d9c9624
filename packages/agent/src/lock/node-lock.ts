import { connect, createServer, type Server, type Socket } from "node:net";
import { pause } from "../pause.ts";
import { type LockHolder, parseHolder, thisHolder } from "./lock-holder.ts";

/**
 * A name in the abstract name space of Unix sockets (unix(7)): it belongs to a network namespace, as the table that it
 * guards does, and the kernel frees it when its holder dies, however it dies.
 */
const defaultName = "portcullis-agent";

/** How long a holder may take to say who it is, and how long it is left alone before it is asked again, in milliseconds. */
const askAgainMs = 200;

export interface WaitOptions {
  readonly signal: AbortSignal;
  readonly onHeld: (holder: LockHolder | undefined) => void;
  readonly name?: string;
}

/** How many may wait on open connections; whoever comes later asks again and again instead. */
const waitersAtMost = 16;

/** The right to write this network namespace's table: whoever has it is the only agent that does. */
export class NodeLock {
  readonly #server: Server;
  readonly #waiters: ReadonlySet<Socket>;

  private constructor(server: Server, waiters: ReadonlySet<Socket>) {
    this.#server = server;
    this.#waiters = waiters;
  }

  /** Undefined when another process has it. @throws Error when the kernel refuses sockets. */
  static take(nodeName: string, name = defaultName): Promise<NodeLock | undefined> {
    const holder = thisHolder(nodeName);
    const waiters = new Set<Socket>();
    const server = createServer((socket) => {
      // Kept open: its end tells those who wait that the lock is free.
      waiters.add(socket);
      socket.on("error", () => {}).on("close", () => waiters.delete(socket));
      socket.resume().unref();
      socket.write(`${JSON.stringify(holder)}\n`);
    });
    server.maxConnections = waitersAtMost;
    return new Promise((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "EADDRINUSE") resolve(undefined);
        else reject(error);
      });
      server.listen(address(name), () => {
        server.unref();
        resolve(new NodeLock(server, waiters));
      });
    });
  }

  /**
   * Takes it, as soon as whoever has it ends. `onHeld` is called when it is found to be held, and by whom, where they say.
   * @throws the signal's reason when it aborts first.
   */
  static async wait(nodeName: string, options: WaitOptions): Promise<NodeLock> {
    const { signal, onHeld, name = defaultName } = options;
    for (;;) {
      signal.throwIfAborted();
      const lock = await NodeLock.take(nodeName, name);
      if (lock !== undefined) return lock;
      const asked = performance.now();
      await untilHolderEnds(name, signal, onHeld);
      // Somebody who listens there and hangs up at once must not make a busy loop of us.
      if (performance.now() - asked < askAgainMs) await pause(askAgainMs, signal);
    }
  }

  /** Who has it; undefined when nobody does, or whoever has it does not say who it is. */
  static async holder(name = defaultName): Promise<LockHolder | undefined> {
    const asked = new AbortController();
    let found: LockHolder | undefined;
    await untilHolderEnds(name, asked.signal, (holder) => {
      found = holder;
      asked.abort();
    });
    return found;
  }

  release(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#waiters) socket.destroy();
    });
  }
}

/** Resolves when the connection to the holder ends, as it does when the holder dies. */
function untilHolderEnds(name: string, signal: AbortSignal, onHeld: WaitOptions["onHeld"]): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(address(name));
    let text = "";
    const tell = () => {
      clearTimeout(silent);
      socket.removeAllListeners("data").resume();
      onHeld(parseHolder(text));
    };
    const silent = setTimeout(tell, askAgainMs);
    const stop = () => socket.destroy();
    signal.addEventListener("abort", stop, { once: true });
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\n") || text.length > 4_096) tell();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(silent);
      signal.removeEventListener("abort", stop);
      resolve();
    });
  });
}

const address = (name: string): string => `\0${name}`;
