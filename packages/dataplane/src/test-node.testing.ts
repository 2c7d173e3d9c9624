import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Connections } from "./connection.ts";
import { Conntrack, parseConnections } from "./conntrack.ts";
import type { NodeFiles } from "./node/node-files.ts";
import { Place } from "./test-place.testing.ts";

/**
 * A node of a cluster in namespaces of the test's own: three pods, one of which also serves, a container that is no pod,
 * and beyond a link a machine outside, which is also the other node with a pod on it.
 */
export const addresses = {
  web: ["10.244.1.1", "fd00:10:244:1::1"],
  api: ["10.244.1.2", "fd00:10:244:1::2"],
  job: ["10.244.1.3", "fd00:10:244:1::3"],
  /** The pods' side of the node: of their range, as a bridge's address is. */
  gateway: ["10.244.1.254", "fd00:10:244:1::fe"],
  /** No pod, on a network of the node's own. */
  box: ["172.17.0.2", "fd00:172:17::2"],
  node: ["192.0.2.1", "2001:db8::1"],
  outside: ["192.0.2.2", "2001:db8::2"],
  /** A pod of the other node. */
  remote: ["10.244.2.1", "fd00:10:244:2::1"],
} as const;

export const podCidrs = ["10.244.1.0/24", "fd00:10:244:1::/64"] as const;
const pods = ["web", "api", "job"] as const;

/** Where probes start from; `remote` has the machine outside to itself. */
export type PlaceName = "web" | "api" | "job" | "box" | "outside" | "node";

export class TestNode {
  readonly #holder: ChildProcess;
  readonly #folder: string;
  readonly #places = new Map<PlaceName, Place>();
  /** Enters the node's namespaces: to be put in front of a program. */
  readonly command: readonly string[];
  readonly connections: Connections;
  /** The kernel's files as they are inside. */
  readonly files: NodeFiles = {
    read: (path) => this.run("cat", path).catch(() => undefined),
    list: async (path) =>
      (await this.run("ls", path).catch(() => "")).split("\n").filter((name) => name !== ""),
  };

  private constructor(holder: ChildProcess, pid: string) {
    this.#holder = holder;
    this.command = ["nsenter", "-t", pid, "-U", "-n", "-m", "--preserve-credentials"];
    this.#folder = mkdtempSync(join(tmpdir(), "portcullis-node-"));
    const program = join(this.#folder, "conntrack");
    writeFileSync(program, `#!/bin/sh\nexec ${this.command.join(" ")} conntrack "$@"\n`);
    chmodSync(program, 0o755);
    const conntrack = new Conntrack(program);
    this.connections = {
      list: async () =>
        parseConnections(
          (await this.run("conntrack", "-L")) + (await this.run("conntrack", "-L", "-f", "ipv6")),
        ),
      cut: (connections, ranges) => conntrack.cut(connections, ranges),
    };
  }

  /** `routed`: each pod behind a link of its own; `bridge`: all on one. */
  static async open(topology: "routed" | "bridge"): Promise<TestNode> {
    const script = `${setUp(topology)}\necho $$\nexec sleep infinity`;
    const holder = spawn("unshare", ["-Urnm", "--fork", "--kill-child", "sh", "-ec", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(holder.stdout!, "data")) as [Buffer];
    const node = new TestNode(holder, line.toString().trim());
    const names = [...pods, "box", "outside", "node"] as const;
    try {
      await Promise.all(
        names.map(async (name) => node.#places.set(name, await Place.open(node.#enter(name)))),
      );
    } catch (error) {
      await node.close();
      throw error;
    }
    return node;
  }

  place(name: PlaceName): Place {
    return this.#places.get(name)!;
  }

  /** Runs a program on the node and tells its standard output. */
  async run(program: string, ...args: readonly string[]): Promise<string> {
    const [first = "", ...rest] = [...this.command, program, ...args];
    return (await promisify(execFile)(first, rest)).stdout;
  }

  /** Runs a program on the node that reads this, and tells its standard output. */
  async feed(input: string, program: string, ...args: readonly string[]): Promise<string> {
    const [first = "", ...rest] = [...this.command, program, ...args];
    const running = promisify(execFile)(first, rest);
    running.child.stdin!.end(input);
    return (await running).stdout;
  }

  /** Loads a ruleset of somebody else's. */
  async load(ruleset: string): Promise<void> {
    await this.feed(ruleset, "nft", "-f", "-");
  }

  /** Every table but ours as nft lists it, without counters. */
  async foreign(): Promise<string> {
    const tables = (await this.run("nft", "list", "tables")).trim().split("\n");
    const others = tables.filter((line) => line !== "" && line !== "table inet portcullis");
    const texts = await Promise.all(others.map((line) => this.run("nft", "-s", "list", ...line.split(" "))));
    return texts.join("");
  }

  /** The address that a device has on its link, with the way to it for whoever is on the same one. */
  async linkLocal(device: string, place?: string): Promise<string> {
    const inside = place === undefined ? [] : ["-n", place];
    const shown = await this.run("ip", ...inside, "-6", "address", "show", "dev", device, "scope", "link");
    return `${/inet6 ([^/]+)/.exec(shown)?.[1]}%eth0`;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#places.values()].map((place) => place.close()));
    const exited = once(this.#holder, "exit");
    this.#holder.kill("SIGKILL");
    await exited;
    rmSync(this.#folder, { recursive: true });
  }

  #enter(name: PlaceName): readonly string[] {
    return name === "node" ? this.command : [...this.command, "ip", "netns", "exec", name];
  }
}

/**
 * Neighbours are asked for from the link-local address, and not at all while that is tentative (RFC 4862, 5.4): for up
 * to two seconds.
 */
const withoutDad = "net.ipv6.conf.default.accept_dad=0";

function setUp(topology: "routed" | "bridge"): string {
  return `
mount -t tmpfs tmpfs /run && mkdir /run/netns
mount -t sysfs sysfs /sys || true
exec 3>&1 >/dev/null
ip link set lo up
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0 ${withoutDad}
${link("outside", "node", "outside")}
${link("box", ["172.17.0.1", "fd00:172:17::1"], "box")}
ip -n outside address add ${addresses.remote[0]}/32 dev lo; ip -n outside address add ${addresses.remote[1]}/128 dev lo
ip route add default via ${addresses.outside[0]}; ip route add default via ${addresses.outside[1]}
${topology === "bridge" ? bridge() : ""}
${pods.map((name) => (topology === "bridge" ? bridged(name) : routed(name))).join("\n")}
exec >&3`;
}

/** A namespace at the end of a link, with the node as its way to everything. */
function link(
  name: PlaceName,
  here: keyof typeof addresses | readonly string[],
  there: keyof typeof addresses,
): string {
  const [four, six] = typeof here === "string" ? addresses[here] : here;
  return `
${namespace(name)}
ip address add ${four}/24 dev v-${name}; ip address add ${six}/64 dev v-${name} nodad
ip -n ${name} address add ${addresses[there][0]}/24 dev eth0; ip -n ${name} address add ${addresses[there][1]}/64 dev eth0 nodad
ip -n ${name} route add default via ${four}; ip -n ${name} route add default via ${six}`;
}

function namespace(name: string): string {
  return `
ip netns add ${name}; ip netns exec ${name} sysctl -qw ${withoutDad}
ip link add v-${name} type veth peer name eth0 netns ${name}
ip link set v-${name} up; ip -n ${name} link set lo up; ip -n ${name} link set eth0 up`;
}

/** As the plugin ptp does it: a route to each pod, and neighbours that are found when they are needed. */
function routed(name: (typeof pods)[number]): string {
  const [[four, six], [gateway4, gateway6]] = [addresses[name], addresses.gateway];
  return `
${namespace(name)}
ip address add ${gateway4}/32 dev v-${name}; ip address add ${gateway6}/128 dev v-${name} nodad
ip route add ${four}/32 dev v-${name}; ip route add ${six}/128 dev v-${name}
ip -n ${name} address add ${four}/32 dev eth0; ip -n ${name} address add ${six}/128 dev eth0 nodad
ip -n ${name} route add ${gateway4} dev eth0; ip -n ${name} route add ${gateway6} dev eth0
ip -n ${name} route add default via ${gateway4}; ip -n ${name} route add default via ${gateway6}`;
}

/** As the plugin bridge does it, with hairpin mode. */
function bridge(): string {
  return `
ip link add cni0 type bridge
ip link set cni0 up
ip address add ${addresses.gateway[0]}/24 dev cni0; ip address add ${addresses.gateway[1]}/64 dev cni0 nodad`;
}

function bridged(name: (typeof pods)[number]): string {
  return `
${namespace(name)}
ip link set v-${name} master cni0
bridge link set dev v-${name} hairpin on
ip -n ${name} address add ${addresses[name][0]}/24 dev eth0; ip -n ${name} address add ${addresses[name][1]}/64 dev eth0 nodad
ip -n ${name} route add default via ${addresses.gateway[0]}; ip -n ${name} route add default via ${addresses.gateway[1]}`;
}
