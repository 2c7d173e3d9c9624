import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("./api-process.js", import.meta.url));

/** A server in a process of its own, and connections to it that are kept. */
export class ApiPeer {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #directory: string;
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  readonly #watches: http.ClientRequest[] = [];
  /** Events that the watches have received so far. */
  events = 0;

  private constructor(child: ChildProcess, directory: string) {
    this.#child = child;
    this.#directory = directory;
    this.#lines = createInterface({ input: child.stdout! });
  }

  static async start(kind: "api" | "bare"): Promise<ApiPeer> {
    const directory = mkdtempSync(join(tmpdir(), "portcullis-bench-"));
    const child = spawn(process.execPath, ["--expose-gc", program, kind, join(directory, "s")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const peer = new ApiPeer(child, directory);
    await once(peer.#lines, "line");
    return peer;
  }

  /** Sends a request and reads the whole answer; gives its length in bytes. */
  request(method: "GET" | "POST", path: string, body?: string, accept = "application/json"): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers =
        body === undefined
          ? { accept }
          : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const request = http.request(
        { socketPath: join(this.#directory, "s"), agent: this.#agent, method, path, headers },
        (response) => {
          let length = 0;
          response.on("data", (chunk: Buffer) => (length += chunk.length));
          response.on("end", () => {
            if (response.statusCode! < 300) resolve(length);
            else reject(new Error(`${method} ${path}: ${response.statusCode}`));
          });
        },
      );
      request.on("error", reject);
      request.end(body);
    });
  }

  /** Opens watches; each event of each is counted. */
  async watch(path: string, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const request = http.get({ socketPath: join(this.#directory, "s"), agent: false, path });
      this.#watches.push(request);
      const [response] = (await once(request, "response")) as [http.IncomingMessage];
      response.on("data", (chunk: Buffer) => {
        for (const byte of chunk) if (byte === newline) this.events++;
      });
      response.on("error", () => {});
    }
  }

  /** Resident memory after a collection, in KiB. */
  async memory(): Promise<number> {
    this.#child.stdin!.write("\n");
    const [line] = (await once(this.#lines, "line")) as [string];
    return Number(line);
  }

  async stop(): Promise<void> {
    for (const request of this.#watches) request.destroy();
    this.#agent.destroy();
    const closed = once(this.#child, "close");
    this.#child.stdin!.end();
    await closed;
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

const newline = 10;
