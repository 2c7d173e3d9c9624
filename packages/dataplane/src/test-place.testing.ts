import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** Where every place listens, with TCP and UDP over both families. */
const ports = [80, 81] as const;

export interface ProbeOptions {
  readonly protocol?: "tcp" | "udp";
  /** How long to wait for an answer (default 5,000 ms). */
  readonly timeoutMs?: number;
  readonly localAddress?: string;
  /** How many to send from one socket, with UDP (default 1). */
  readonly datagrams?: number;
}

/**
 * What came of a probe: `from` is the address that the other side saw, after any translation. `refused` when there was
 * an answer, and it was no.
 */
export type Outcome = { readonly from: string } | "refused" | "silence";

/** A process in a network namespace that serves, and sends probes. */
export class Place {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  readonly #exited: Promise<unknown>;
  #asked = 0;

  private constructor(command: readonly string[]) {
    const [program = "", ...args] = [...command, process.execPath, "-e", script, JSON.stringify(ports)];
    this.#child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#exited = once(this.#child, "exit");
    createInterface(this.#child.stdout).on("line", (line) => {
      const { id, answer } = JSON.parse(line) as { id: number; answer: unknown };
      this.#waiting.get(id)?.(answer);
      this.#waiting.delete(id);
    });
  }

  /** Resolves when it listens. */
  static async open(command: readonly string[]): Promise<Place> {
    const place = new Place(command);
    await place.#ask({ op: "ready" });
    return place;
  }

  /** Sends the first packet of a new flow, and waits for what the other side says. */
  probe(host: string, port: number, options: ProbeOptions = {}): Promise<Outcome> {
    const { protocol = "tcp", timeoutMs = 5_000, ...rest } = options;
    return this.#ask({ op: protocol, host, port, timeoutMs, ...rest }) as Promise<Outcome>;
  }

  /** Opens a connection that stays open; tells its number. */
  async connect(host: string, port: number): Promise<number> {
    const answer = await this.#ask({ op: "connect", host, port });
    if (typeof answer !== "number") throw new Error(`no connection to ${host} port ${port}: ${answer}`);
    return answer;
  }

  /** Whether an open connection still carries a word there and back. */
  async carries(connection: number, timeoutMs: number): Promise<boolean> {
    return (await this.#ask({ op: "echo", connection, timeoutMs })) as boolean;
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    await this.#exited;
  }

  async #ask(question: object): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    const answer = new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.stdin.write(`${JSON.stringify({ id, ...question })}\n`);
    });
    const ended = this.#exited.then(() =>
      Promise.reject(new Error("the process in the namespace has ended")),
    );
    return await Promise.race([answer, ended]);
  }
}

const script = `
const net = require("node:net");
const dgram = require("node:dgram");
const bare = (address) => address.replace(/^::ffff:/, "");
const listening = JSON.parse(process.argv[1]).flatMap((port) => {
  const server = net.createServer((socket) => {
    socket.on("error", () => {});
    socket.write(bare(socket.remoteAddress ?? "") + "\\n");
    socket.on("data", (data) => socket.write(data));
    socket.on("end", () => socket.end());
  });
  // A socket for each address, so that an answer comes from where the question went.
  const own = Object.values(require("node:os").networkInterfaces()).flat().filter((each) => !each.scopeid);
  const bound = [...new Set(own.map(({ address }) => address))].map((address) => {
    const socket = dgram.createSocket(net.isIPv6(address) ? "udp6" : "udp4");
    socket.on("message", (_, { address, port }) => socket.send(address, port, address));
    return new Promise((done) => socket.bind(port, address, done));
  });
  return [new Promise((done) => server.listen(port, "::", done)), ...bound];
});
const connections = new Map();
const operations = {
  ready: async () => { await Promise.all(listening); return true; },
  tcp: ({ host, port, timeoutMs, localAddress }) => new Promise((resolve) => {
    const socket = net.connect({ host, port, localAddress });
    const end = (answer) => { clearTimeout(timer); socket.destroy(); resolve(answer); };
    const timer = setTimeout(() => end("silence"), timeoutMs);
    socket.on("data", (data) => end({ from: String(data).trim() }));
    socket.on("error", ({ code }) => end(code === "ETIMEDOUT" ? "silence" : "refused"));
  }),
  udp: ({ host, port, timeoutMs, localAddress, datagrams = 1 }) => new Promise((resolve) => {
    const socket = dgram.createSocket(net.isIPv6(host) ? "udp6" : "udp4");
    const end = (answer) => { clearTimeout(timer); socket.close(); resolve(answer); };
    const timer = setTimeout(() => end("silence"), timeoutMs);
    socket.on("message", (data) => end({ from: String(data) }));
    socket.on("error", () => end("refused"));
    socket.bind(0, localAddress, () => socket.connect(port, host, () => {
      for (let i = 0; i < datagrams; i += 1) socket.send("?", () => {});
    }));
  }),
  connect: ({ host, port }) => new Promise((resolve) => {
    const socket = net.connect({ host, port });
    socket.on("error", (error) => resolve(error.code));
    socket.once("data", () => { connections.set(connections.size, socket); resolve(connections.size - 1); });
  }),
  echo: ({ connection, timeoutMs }) => new Promise((resolve) => {
    const socket = connections.get(connection);
    const timer = setTimeout(() => resolve(false), timeoutMs);
    socket.once("data", () => { clearTimeout(timer); resolve(true); });
    socket.write("?");
  }),
};
require("node:readline").createInterface(process.stdin).on("line", async (line) => {
  const { id, op, ...rest } = JSON.parse(line);
  process.stdout.write(JSON.stringify({ id, answer: await operations[op](rest) }) + "\\n");
}).on("close", () => process.exit(0));
`;
