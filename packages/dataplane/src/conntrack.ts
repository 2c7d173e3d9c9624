import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { parseAddress } from "@portcullis/engine";
import { type Connection, type Connections, connectionKey } from "./connection.ts";

/** The conntrack program (conntrack(8)). */
export class Conntrack implements Connections {
  readonly #program: string;

  constructor(program = "conntrack") {
    this.#program = program;
  }

  /**
   * The kernel's listing as a file takes a tenth of the time of the program, which starts a dump over netlink; not every
   * kernel has it. It is that of the reading thread's network namespace.
   */
  async list(): Promise<readonly Connection[]> {
    const listing = await readFile("/proc/thread-self/net/nf_conntrack", "utf8").catch(() => undefined);
    return parseConnections(listing ?? (await this.#run(["-L"])));
  }

  /** One command for all of them, read from standard input: a process for each would take seconds for a thousand. */
  async cut(connections: readonly Connection[]): Promise<void> {
    const lines = new Set(connections.map(deletion));
    if (lines.size === 0) return;
    await this.#run(["-R", "-"], `${[...lines].join("\n")}\n`);
  }

  #run(args: readonly string[], input = ""): Promise<string> {
    return new Promise((resolve, reject) => {
      // Through cat: Node's pipes are sockets, and conntrack opens /dev/stdin anew, which a socket refuses.
      const piped = ["-c", 'cat | exec "$0" "$@"', this.#program, ...args];
      const child = spawn("sh", piped, { stdio: ["pipe", "pipe", "pipe"] });
      let out = "";
      let err = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
      child.on("error", reject);
      child.stdin.on("error", () => {});
      child.stdin.end(input);
      child.on("close", (code) => {
        // Deleting what has just gone by itself is what we wanted.
        if (code === 0 || / 0 flow entries/.test(err)) resolve(out);
        else reject(new Error(`conntrack ${args.join(" ")}: ${err.trim() || `exit code ${code}`}`));
      });
    });
  }
}

const flowProtocols: Readonly<Record<string, Connection["protocol"]>> = {
  tcp: "TCP",
  udp: "UDP",
  sctp: "SCTP",
  icmp: "ICMP",
  icmpv6: "ICMP",
};

/**
 * Lines of `conntrack -L` or of /proc/net/nf_conntrack, which puts the address family in front: a protocol, then the
 * tuple of the original direction, then that of the replies. The reply's source is the destination after DNAT. Protocols
 * that no policy can name are left out.
 */
export function parseConnections(text: string): readonly Connection[] {
  const connections = new Map<string, Connection>();
  for (const line of text.split("\n")) {
    const words = line.split(/ +/, 3);
    const protocol = flowProtocols[(words[0]?.startsWith("ipv") ? words[2] : words[0]) ?? ""];
    if (protocol === undefined) continue;
    const sources = [...line.matchAll(/\bsrc=(\S+)/g)];
    const source = parseAddress(sources[0]?.[1] ?? "");
    const destination = parseAddress(sources[1]?.[1] ?? "");
    if (source === undefined || destination === undefined) continue;
    const port = protocol === "ICMP" ? 0 : Number([...line.matchAll(/\bsport=(\d+)/g)][1]?.[1]);
    const connection = { protocol, source, destination, port };
    connections.set(connectionKey(connection), connection);
  }
  return [...connections.values()];
}

function deletion({ protocol, source, destination, port }: Connection): string {
  const { family } = source;
  const name = protocol === "ICMP" ? (family === 4 ? "icmp" : "icmpv6") : protocol.toLowerCase();
  const ports = protocol === "ICMP" ? "" : ` --reply-port-src ${port}`;
  return `-D -f ipv${family} -p ${name} --orig-src ${source.text} --reply-src ${destination.text}${ports}`;
}
