import { connect, createServer, type Server } from "node:net";
import { userId } from "./state-directory.ts";

/** Who has a lock. Told by whoever listens there: to be believed no further than the directory's owner. */
export interface Holder {
  readonly pid: number;
  readonly stateDirectory: string;
}

/**
 * The right to be the sandbox of a name. It is a Unix socket in the abstract name space, which the kernel takes away
 * when its holder dies, however it dies. Whoever connects is told who holds it.
 */
export class Lock {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Undefined when another process has it. */
  static take(name: string, stateDirectory: string): Promise<Lock | undefined> {
    const holder: Holder = { pid: process.pid, stateDirectory };
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.end(JSON.stringify(holder));
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

  /** Undefined when nobody has it. */
  static holder(name: string): Promise<Holder | undefined> {
    return new Promise((resolve) => {
      const socket = connect(address(name));
      let text = "";
      socket.setEncoding("utf8").setTimeout(5_000, () => socket.destroy());
      socket.on("data", (chunk: string) => {
        text += chunk;
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(parse(text)));
    });
  }

  release(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

function parse(text: string): Holder | undefined {
  try {
    const { pid, stateDirectory } = JSON.parse(text) as Partial<Holder>;
    if (typeof pid !== "number" || typeof stateDirectory !== "string") return undefined;
    return { pid, stateDirectory };
  } catch {
    // Nobody listens, or it ended in the middle.
    return undefined;
  }
}

/** Of this user, so that users do not meet. */
const address = (name: string): string => `\0portcullis-${userId()}-${name}`;
