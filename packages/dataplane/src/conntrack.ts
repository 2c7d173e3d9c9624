import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { type Cidr, parseAddress } from "@portcullis/engine";
import {
  type Connection,
  type ConnectionRange,
  type Connections,
  connectionKey,
  hasPorts,
} from "./connection.ts";
import { flowProtocol } from "./flow-protocol.ts";

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

/**
 * Lines of `conntrack -L` or of /proc/net/nf_conntrack, which puts the address family in front: a protocol and its
 * number, then the tuple of the original direction, then that of the replies. The reply's source is the destination
 * after DNAT.
 */
export function parseConnections(text: string): readonly Connection[] {
  const connections = new Map<string, Connection>();
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const line = text.slice(start, end < 0 ? text.length : end);
    start += line.length + 1;
    // Many lines tell connections apart that are one to policies: most are known by their texts alone.
    const source = wordAfter(line, "src=", 0);
    const destination = wordAfter(line, "src=", source.end);
    const port = wordAfter(line, "sport=", destination.end);
    const [, name = "", number = ""] = protocolOf.exec(line) ?? [];
    const key = `${number} ${source.text} ${destination.text} ${port.text}`;
    if (connections.has(key)) continue;
    const protocol = flowProtocol(name) ?? (`${Number(number)}` as const);
    const connection = connectionOf(protocol, source.text, destination.text, port.text);
    if (connection !== undefined) connections.set(key, connection);
  }
  return [...new Map([...connections.values()].map((each) => [connectionKey(each), each])).values()];
}

/** A protocol's name and number, after the address family and its number in the kernel's file. */
const protocolOf = /^(?:ipv[46] +[0-9]+ )?(\S+) +([0-9]+)/;

/** What stands between `name`, somewhere from `from` on, and the next blank; empty when it does not stand there. */
function wordAfter(
  line: string,
  name: string,
  from: number,
): { readonly text: string; readonly end: number } {
  const at = line.indexOf(name, from);
  if (at < 0) return { text: "", end: line.length };
  const blank = line.indexOf(" ", at);
  const end = blank < 0 ? line.length : blank;
  return { text: line.slice(at + name.length, end), end };
}

function connectionOf(
  protocol: Connection["protocol"],
  from: string,
  to: string,
  sport: string,
): Connection | undefined {
  const [source, destination] = [parseAddress(from), parseAddress(to)];
  if (source === undefined || destination === undefined) return undefined;
  return { protocol, source, destination, port: hasPorts(protocol) ? Number(sport) : 0 };
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
