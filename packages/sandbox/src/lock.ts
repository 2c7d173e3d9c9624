import { connect, createServer, type Server } from "node:net";
import { userId } from "./state-directory.ts";

/**
 * The right to be the sandbox of a name. It is a Unix socket in the abstract name space, which the kernel takes away
 * when its holder dies, however it dies. Whoever connects is told the holder's process id.
 */
export class Lock {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Undefined when another process has it. */
  static take(name: string): Promise<Lock | undefined> {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.end(`${process.pid}\n`);
    });
    return new Promise((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "EADDRINUSE") resolve(undefined);
        else reject(error);
      });
      server.listen(address(name), () => {
        server.unref();
        resolve(new Lock(server));
      });
    });
  }

  /** Process id of who has the lock; undefined when nobody has. */
  static holder(name: string): Promise<number | undefined> {
    return new Promise((resolve) => {
      const socket = connect(address(name));
      let text = "";
      socket.setEncoding("utf8").setTimeout(5_000, () => socket.destroy());
      socket.on("data", (chunk: string) => {
        text += chunk;
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(/^\d+\n$/.test(text) ? Number(text) : undefined));
    });
  }

  release(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** Of this user, so that users do not meet. */
const address = (name: string): string => `\0portcullis-${userId()}-${name}`;
