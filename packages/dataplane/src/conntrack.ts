import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { type Cidr, type FlowProtocol, parseAddress } from "@portcullis/engine";
import {
  type Connection,
  type ConnectionRange,
  type Connections,
  connectionKey,
  hasPorts,
} from "./connection.ts";

/** Longer than any listing or batch of ours takes; a program that hangs must not hold up the next rules. */
const timeoutMs = 30_000;

/** The conntrack program (conntrack(8)). */
export class Conntrack implements Connections {
  readonly #program: string;

  constructor(program = "conntrack") {
    this.#program = program;
  }

  /**
   * The kernel's listing as a file takes a tenth of the time of the program, which starts a dump over netlink; not every
   * kernel has it. It is that of the reading thread's network namespace. Without what the node itself began: that is
   * on its way out and passes no hook of ours, so that no policy can have denied it.
   */
  async list(): Promise<readonly Connection[]> {
    const listing = await readFile("/proc/thread-self/net/nf_conntrack", "utf8").catch(() => undefined);
    const connections = parseConnections(listing ?? (await this.#run(["-L"])));
    const own = ownAddresses();
    return connections.filter(({ source }) => !own.has(source.text));
  }

  /**
   * One process for all of them, which reads commands from standard input. Each command walks the kernel's whole table:
   * 20 ms where that has 262,144 buckets, however few connections are in it.
   */
  async cut(_: readonly Connection[], ranges: readonly ConnectionRange[]): Promise<void> {
    const lines = new Set(ranges.map(deletion));
    if (lines.size === 0) return;
    // Deleting what has just gone by itself is what we wanted, and no failure of conntrack's either.
    await this.#run(["-R", "-"], `${[...lines].join("\n")}\n`);
  }

  #run(args: readonly string[], input = ""): Promise<string> {
    return new Promise((resolve, reject) => {
      // Through cat: Node's pipes are sockets, and conntrack opens /dev/stdin anew, which a socket refuses.
      const piped = ["-c", 'cat | exec "$0" "$@"', this.#program, ...args];
      // A process group of its own, so that a timeout ends all of it.
      const child = spawn("sh", piped, { stdio: ["pipe", "pipe", "pipe"], detached: true });
      const fail = (words: string) => reject(new Error(`${this.#program} ${args.join(" ")}: ${words}`));
      const timer = setTimeout(() => {
        fail(`no answer within ${timeoutMs} ms`);
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      }, timeoutMs);
      let out = "";
      let err = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
      child.on("error", (error) => {
        clearTimeout(timer);
        fail(error.message);
      });
      child.stdin.on("error", () => {});
      child.stdin.end(input);
      child.on("close", (code) => {
        clearTimeout(timer);
        if (code === 0) resolve(out);
        else fail(err.trim() || `exit code ${code}`);
      });
    });
  }
}

function ownAddresses(): ReadonlySet<string> {
  const texts = Object.values(networkInterfaces()).flatMap(
    (each) => each?.map(({ address }) => address) ?? [],
  );
  return new Set(texts.map((text) => parseAddress(text)?.text ?? text));
}

const flowProtocols: Readonly<Record<string, FlowProtocol>> = {
  tcp: "TCP",
  udp: "UDP",
  sctp: "SCTP",
  icmp: "ICMP",
  icmpv6: "ICMP",
};

/**
 * Lines of `conntrack -L` or of /proc/net/nf_conntrack, which puts the address family in front: a protocol and its
 * number, then the tuple of the original direction, then that of the replies. The reply's source is the destination
 * after DNAT.
 */
export function parseConnections(text: string): readonly Connection[] {
  const connections = new Map<string, Connection>();
  for (const line of text.split("\n")) {
    const words = line.split(/ +/, 4);
    const [name = "", number = ""] = words[0]?.startsWith("ipv") ? words.slice(2) : words;
    const sources = [...line.matchAll(/\bsrc=(\S+)/g)];
    const source = parseAddress(sources[0]?.[1] ?? "");
    const destination = parseAddress(sources[1]?.[1] ?? "");
    if (source === undefined || destination === undefined) continue;
    const protocol = flowProtocols[name] ?? (`${Number(number)}` as const);
    const port = hasPorts(protocol) ? Number([...line.matchAll(/\bsport=(\d+)/g)][1]?.[1]) : 0;
    const connection = { protocol, source, destination, port };
    connections.set(connectionKey(connection), connection);
  }
  return [...connections.values()];
}

/** Only the source can be a prefix: conntrack(8) has no mask for the addresses of the reply. */
function deletion({ family, protocol, source, destination, port }: ConnectionRange): string {
  const name = protocol === "ICMP" ? (family === 4 ? "icmp" : "icmpv6") : protocol?.toLowerCase();
  return [
    `-D -f ipv${family}`,
    name === undefined ? "" : ` -p ${name}`,
    source === undefined || source.prefix === 0 ? "" : ` --orig-src ${withoutFullPrefix(source)}`,
    destination === undefined ? "" : ` --reply-src ${destination.text}`,
    port === undefined || protocol === undefined || !hasPorts(protocol) ? "" : ` --reply-port-src ${port}`,
  ].join("");
}

function withoutFullPrefix({ family, prefix, text }: Cidr): string {
  return prefix === (family === 4 ? 32 : 128) ? text.slice(0, text.indexOf("/")) : text;
}
