import { Cluster, parseAddress, parseCidr, readManifest } from "@portcullis/engine";
import { FakeNft, NftParseError, NftUnavailable, type Operation } from "@portcullis/nft";
import { newPacket } from "@portcullis/nft/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { type Connection, Dataplane, type DataplaneOptions, table } from "./index.ts";

const pods = `
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, spec: {nodeName: node, containers: [{name: c, image: x}]}, status: {podIPs: [{ip: 10.1.0.1}, {ip: "fd00::1"}]}}
- {apiVersion: v1, kind: Pod, metadata: {name: api, labels: {app: api}}, spec: {nodeName: node, containers: [{name: c, image: x}]}, status: {podIPs: [{ip: 10.1.0.2}, {ip: "fd00::2"}]}}
- {apiVersion: v1, kind: Pod, metadata: {name: job, labels: {app: job}}, spec: {nodeName: node, containers: [{name: c, image: x}]}, status: {podIPs: [{ip: 10.1.0.3}, {ip: "fd00::3"}]}}
`;
const apiFromWeb = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api}
spec:
  podSelector: {matchLabels: {app: api}}
  ingress:
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: 80}, {protocol: UDP, port: 53}]
`;

let nft: FakeNft;
let cluster: Cluster;
let connections: Connection[];

beforeEach(() => {
  nft = new FakeNft();
  cluster = new Cluster();
  connections = [];
  add(pods);
});

describe("what is in force", () => {
  test("follows the policies as they come and go", async () => {
    const dataplane = make();
    await enforce(dataplane);
    expect(passes("10.1.0.3", "10.1.0.2", 80)).toBe(true);
    add(apiFromWeb);
    await enforce(dataplane);
    expect(passes("10.1.0.1", "10.1.0.2", 80)).toBe(true);
    expect(passes("10.1.0.1", "10.1.0.2", 81)).toBe(false);
    expect(passes("10.1.0.3", "10.1.0.2", 80)).toBe(false);
    expect(passes("fd00::1", "fd00::2", 80)).toBe(true);
    expect(passes("fd00::3", "fd00::2", 80)).toBe(false);
    cluster.delete("NetworkPolicy", "default", "api");
    await enforce(dataplane);
    expect(passes("10.1.0.3", "10.1.0.2", 80)).toBe(true);
  });

  test("closes an address of the pod range that is not programmed, in both directions", async () => {
    await enforce(make());
    expect(passes("10.1.0.9", "10.1.0.1", 80)).toBe(false);
    expect(passes("10.1.0.1", "10.1.0.9", 80)).toBe(false);
    expect(passes("10.1.0.9", "192.0.2.1", 80)).toBe(false);
    expect(passes("fd00::9", "fd00::1", 80)).toBe(false);
    expect(passes("192.0.2.1", "10.1.0.1", 80)).toBe(true);
  });

  test("judges what a pod sends to its node by the pod's egress policies", async () => {
    add(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: no-egress}
spec: {podSelector: {matchLabels: {app: job}}, policyTypes: [Egress]}
`);
    await enforce(make());
    expect(passes("10.1.0.3", "192.168.0.1", 10250, "input")).toBe(false);
    expect(passes("10.1.0.1", "192.168.0.1", 10250, "input")).toBe(true);
  });

  test("lets a pod reach itself through everything", async () => {
    add(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
`);
    await enforce(make());
    expect(passes("10.1.0.1", "10.1.0.1", 80)).toBe(true);
    expect(passes("10.1.0.1", "10.1.0.2", 80)).toBe(false);
  });

  test("a TCP packet that is no SYN opens nothing", async () => {
    await enforce(make());
    const packet = {
      family: "ip",
      saddr: "10.1.0.1",
      daddr: "10.1.0.2",
      protocol: "tcp",
      dport: 80,
    } as const;
    const stray = nft.evaluate({ ...packet, ctState: "new", tcpFlags: ["ack"], path: "forward" });
    expect(stray.verdict).toBe("drop");
    const known = nft.evaluate({ ...packet, ctState: "established", tcpFlags: ["ack"], path: "forward" });
    expect(known.verdict).toBe("accept");
  });

  test("rejects instead, when asked to", async () => {
    add(apiFromWeb);
    await enforce(make({ denied: "reject" }));
    expect(passes("10.1.0.3", "10.1.0.2", 80)).toBe(false);
    expect(nft.dump()).toMatch(/reject with tcp reset/);
  });
});

describe("what is counted", () => {
  test("denied flows, with and without ports, in the direction that denied them", async () => {
    const dataplane = make();
    add(apiFromWeb);
    await enforce(dataplane);
    passes("10.1.0.3", "10.1.0.2", 80);
    passes("10.1.0.3", "10.1.0.2", 80);
    passes("fd00::3", "fd00::2", 443);
    nft.evaluate({
      family: "ip",
      saddr: "10.1.0.3",
      daddr: "10.1.0.2",
      protocol: "icmp",
      ctState: "new",
      path: "forward",
    });
    expect(await dataplane.drops()).toEqual([
      {
        direction: "Ingress",
        reason: "no-match",
        source: "10.1.0.3",
        destination: "10.1.0.2",
        protocol: "ICMP",
        port: 0,
        packets: 1,
      },
      {
        direction: "Ingress",
        reason: "no-match",
        source: "10.1.0.3",
        destination: "10.1.0.2",
        protocol: "TCP",
        port: 80,
        packets: 2,
      },
      {
        direction: "Ingress",
        reason: "no-match",
        source: "fd00::3",
        destination: "fd00::2",
        protocol: "TCP",
        port: 443,
        packets: 1,
      },
    ]);
  });

  test("what each rule let in, over ports and address families", async () => {
    const dataplane = make();
    add(apiFromWeb);
    await enforce(dataplane);
    passes("10.1.0.1", "10.1.0.2", 80);
    passes("fd00::1", "fd00::2", 80);
    const counters = await dataplane.counters();
    expect(counters).toEqual([
      { policy: "default/api", direction: "Ingress", index: 0, packets: 2, bytes: 120 },
    ]);
  });
});

describe("open connections", () => {
  const toApi = (source: string, port: number): Connection => ({
    protocol: "TCP",
    source: parseAddress(source)!,
    destination: parseAddress("10.1.0.2")!,
    port,
  });

  test("are cut when a change denies them, and only those", async () => {
    const dataplane = make();
    await enforce(dataplane);
    connections = [toApi("10.1.0.1", 80), toApi("10.1.0.3", 80), toApi("10.1.0.1", 81)];
    add(apiFromWeb);
    const { cut } = await enforce(dataplane);
    expect(cut).toEqual([toApi("10.1.0.3", 80), toApi("10.1.0.1", 81)]);
    expect(connections).toEqual([toApi("10.1.0.1", 80)]);
  });

  test("of a pod that is gone are cut, though nothing denies them", async () => {
    const dataplane = make();
    await enforce(dataplane);
    connections = [toApi("10.1.0.1", 80), toApi("10.1.0.3", 80)];
    cluster.delete("Pod", "default", "job");
    await enforce(dataplane);
    expect(connections).toEqual([toApi("10.1.0.1", 80)]);
  });

  test("are cut when they were let in by somebody who has taken that back meanwhile", async () => {
    const dataplane = make();
    add(apiFromWeb);
    await enforce(dataplane);
    connections = [toApi("10.1.0.3", 80)];
    expect((await enforce(dataplane)).cut).toEqual([]);
    dataplane.distrust();
    expect(await enforce(dataplane)).toMatchObject({ changed: false, cut: [{ port: 80 }] });
  });

  test("stay, when asked to", async () => {
    const dataplane = make({ established: "keep" });
    await enforce(dataplane);
    connections = [toApi("10.1.0.3", 80)];
    add(apiFromWeb);
    await enforce(dataplane);
    expect(connections).toHaveLength(1);
  });

  test("are still owed their cut when the first attempt failed", async () => {
    let broken = true;
    const dataplane = make({
      connections: {
        list: async () => {
          if (broken) throw new Error("conntrack is away");
          return connections;
        },
        cut: async (denied) => {
          connections = connections.filter((connection) => !denied.includes(connection));
        },
      },
    });
    connections = [toApi("10.1.0.3", 80)];
    add(apiFromWeb);
    const first = await enforce(dataplane);
    expect(first.failure?.message).toBe("conntrack is away");
    expect(first.pending).toBe(true);
    // The rules do not wait for it.
    expect(passes("10.1.0.3", "10.1.0.2", 80)).toBe(false);
    broken = false;
    expect(await enforce(dataplane)).toMatchObject({ changed: false, pending: false });
    expect(connections).toEqual([]);
  });
});

describe("open connections that somebody else owed their end", () => {
  const old: Connection = {
    protocol: "TCP",
    source: parseAddress("10.1.0.3")!,
    destination: parseAddress("10.1.0.2")!,
    port: 80,
  };

  test("are cut by a successor that finds the rules in force already", async () => {
    add(apiFromWeb);
    await enforce(make({ established: "keep" }));
    connections = [old];
    expect(await enforce(make())).toMatchObject({ changed: false, cut: [old] });
  });

  test("are cut when nft died after it had committed", async () => {
    const dataplane = make();
    await enforce(dataplane);
    connections = [old];
    add(apiFromWeb);
    const run = nft.run.bind(nft);
    nft.run = async (transaction) => {
      await run(transaction);
      throw new NftUnavailable("died after the last word");
    };
    // Each attempt gets one transaction further, and the last finds nothing left to write.
    for (let i = 0; i < 5; i += 1) await enforce(dataplane).catch(() => {});
    expect(connections).toEqual([]);
  });

  test("are cut when their pod went while nobody looked", async () => {
    await enforce(make());
    connections = [old];
    cluster.delete("Pod", "default", "job");
    expect((await enforce(make())).cut).toEqual([old]);
  });

  test("are cut when their address has passed to another pod", async () => {
    const dataplane = make();
    await enforce(dataplane);
    connections = [old];
    cluster.delete("Pod", "default", "job");
    add(
      "{apiVersion: v1, kind: Pod, metadata: {name: heir}, spec: {nodeName: node, containers: [{name: c, image: x}]}, status: {podIPs: [{ip: 10.1.0.3}]}}",
    );
    expect((await enforce(dataplane)).cut).toEqual([old]);
  });

  test("are cut some at a time, so that new rules need not wait for all", async () => {
    const dataplane = make();
    add(apiFromWeb);
    const to = (port: number): Connection => ({ ...old, port });
    connections = Array.from({ length: 80 }, (_, i) => to(1_000 + i));
    expect(await enforce(dataplane)).toMatchObject({ changed: true, pending: true });
    expect(connections.length).toBeGreaterThan(0);
    expect(await enforce(dataplane)).toMatchObject({ changed: false, pending: true });
    expect(await enforce(dataplane)).toMatchObject({ changed: false, pending: false });
    expect(connections).toEqual([]);
  });

  test("that conntrack says it cut and did not are a failure, not a success", async () => {
    connections = [old];
    const dataplane = make({ connections: { list: async () => connections, cut: async () => {} } });
    add(apiFromWeb);
    expect(await enforce(dataplane)).toMatchObject({ changed: true, cut: [], pending: true });
    expect((await enforce(dataplane)).failure?.message).toMatch(/still there/);
  });
});

describe("a table that somebody else changed", () => {
  const other = { family: "inet", name: "other" } as const;
  const hook = { type: "filter", hook: "forward", priority: 0 } as const;

  /** What passes after each transaction of the mend. */
  async function mend(dataplane: Dataplane): Promise<readonly boolean[]> {
    const seen: boolean[] = [];
    const run = nft.run.bind(nft);
    nft.run = async (transaction) => {
      await run(transaction);
      seen.push(passes("10.1.0.3", "10.1.0.2", 80));
    };
    dataplane.distrust();
    await enforce(dataplane);
    expect(await dataplane.drift()).toEqual([]);
    expect(passes("10.1.0.1", "10.1.0.2", 80)).toBe(true);
    nft.run = run;
    return seen;
  }

  const open = { ...hook, policy: "accept" } as const;

  test.each<[string, readonly (readonly Operation[])[], RegExp]>([
    ["deleted", [[{ op: "delete table" }]], /is missing/],
    [
      "in which a chain of the same name has another hook",
      [
        [{ op: "delete table" }, { op: "add table" }],
        [{ op: "add chain", chain: { name: "pods_forward", hook: { ...hook, policy: "drop" }, rules: [] } }],
      ],
      /chain pods_forward is defined as .* drop instead of .* accept/,
    ],
    [
      "given a hook",
      [[{ op: "add chain", chain: { name: "c_mine", hook: open, rules: [] } }]],
      /chain c_mine is unexpected/,
    ],
    [
      "robbed of a member",
      [[{ op: "flush map", name: "ingress_v4" }]],
      /map ingress_v4: element 10.1.0.2 is missing/,
    ],
  ])(
    "%s is mended, and closed while it is mended, whether the pods' ranges are known or not",
    async (_, transactions, words) => {
      await mended(make(), transactions, words);
      nft = new FakeNft();
      await mended(make({ podCidrs: [] }), transactions, words);
    },
  );

  async function mended(
    dataplane: Dataplane,
    transactions: readonly (readonly Operation[])[],
    words: RegExp,
  ): Promise<void> {
    add(apiFromWeb);
    await enforce(dataplane);
    await nft.run({ table: other, operations: [{ op: "add table" }] });
    const theirs = await nft.list(other);
    for (const operations of transactions) await nft.run({ table, operations });
    expect((await dataplane.drift()).join("\n")).toMatch(words);
    expect(await mend(dataplane)).not.toContain(true);
    expect(await nft.list(other)).toEqual(theirs);
  }

  test("that is too large for one transaction stays closed until its last, when it was deleted", async () => {
    const dataplane = make();
    const crowd = Array.from(
      { length: 1_500 },
      (_, i) =>
        `- {apiVersion: v1, kind: Pod, metadata: {name: crowd-${i}}, spec: {nodeName: node, containers: [{name: c, image: x}]}, status: {podIPs: [{ip: 10.1.${(i >> 8) + 1}.${i & 255}}]}}`,
    );
    add(`apiVersion: v1\nkind: List\nitems:\n${crowd.join("\n")}`);
    add(apiFromWeb);
    await enforce(dataplane);
    await nft.run({ table, operations: [{ op: "delete table" }] });
    const seen = await mend(dataplane);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).not.toContain(true);
  });

  test("into something that we cannot read is replaced", async () => {
    const dataplane = make();
    add(apiFromWeb);
    await enforce(dataplane);
    const list = nft.list.bind(nft);
    nft.list = async (ref) => {
      if (ref.name === table.name) throw new NftParseError("expected a set", 2, "flags dormant");
      return list(ref);
    };
    expect(await dataplane.drift()).toEqual(["table inet portcullis holds what is not ours"]);
    dataplane.distrust();
    const replaced = "table inet portcullis holds what is not ours";
    expect(await enforce(dataplane)).toMatchObject({ changed: true, replaced });
    nft.list = list;
    expect(await dataplane.drift()).toEqual([]);
  });
});

describe("the kernel's state", () => {
  test("is that of the last call when several come at once, each of which is carried out", async () => {
    const dataplane = make();
    const before = cluster.program(() => true);
    add(apiFromWeb);
    const after = cluster.program(() => true);
    const done = await Promise.all([before, after, before, after].map((each) => dataplane.apply(each)));
    expect(done.map(({ changed }) => changed)).toEqual([true, true, true, true]);
    expect(passes("10.1.0.3", "10.1.0.2", 80)).toBe(false);
    expect(await dataplane.drift()).toEqual([]);
    nft.failNext(new NftUnavailable("nft died"));
    const [failed, next] = [dataplane.apply(before), dataplane.apply(after)];
    await expect(failed).rejects.toThrow("nft died");
    await next;
    expect(await dataplane.drift()).toEqual([]);
    expect(passes("10.1.0.3", "10.1.0.2", 80)).toBe(false);
  });

  test("is written once: the same program again changes nothing", async () => {
    const dataplane = make();
    add(apiFromWeb);
    expect((await enforce(dataplane)).changed).toBe(true);
    expect((await enforce(dataplane)).changed).toBe(false);
  });

  test("is taken over from a predecessor without a rewrite", async () => {
    add(apiFromWeb);
    await enforce(make());
    expect((await enforce(make())).changed).toBe(false);
  });

  test("counts as unknown after a failure, and is read back", async () => {
    const dataplane = make();
    await enforce(dataplane);
    add(apiFromWeb);
    nft.failNext(new NftUnavailable("nft died"));
    await expect(enforce(dataplane)).rejects.toThrow("nft died");
    await enforce(dataplane);
    expect(passes("10.1.0.3", "10.1.0.2", 80)).toBe(false);
    expect(await dataplane.drift()).toEqual([]);
  });

  test("that somebody changed is found, and mended", async () => {
    const dataplane = make();
    add(apiFromWeb);
    await enforce(dataplane);
    await nft.run({ table, operations: [{ op: "flush chain", name: "c_deny_ingress" }] });
    expect(await dataplane.drift()).not.toEqual([]);
    dataplane.distrust();
    await enforce(dataplane);
    expect(await dataplane.drift()).toEqual([]);
  });

  test("that is found changed while something is written is read back by the next", async () => {
    const dataplane = make();
    await enforce(dataplane);
    add(apiFromWeb);
    const run = nft.run.bind(nft);
    nft.run = async (transaction) => {
      nft.run = run;
      await run(transaction);
      await run({ table, operations: [{ op: "flush chain", name: "c_deny_ingress" }] });
      dataplane.distrust();
    };
    await enforce(dataplane);
    expect(dataplane.isTrusted).toBe(false);
    expect((await enforce(dataplane)).changed).toBe(true);
    expect(dataplane.isTrusted).toBe(true);
    expect(await dataplane.drift()).toEqual([]);
  });

  test("is told where it differs from what was written, once, when it was doubted and for no other reason", async () => {
    const dataplane = make();
    expect(await enforce(dataplane)).not.toHaveProperty("drifted");
    dataplane.distrust();
    expect(await enforce(dataplane)).not.toHaveProperty("drifted");
    // Not by us, and what comes with it is.
    await nft.run({ table, operations: [{ op: "flush chain", name: "c_pods" }] });
    add(apiFromWeb);
    dataplane.distrust();
    dataplane.distrust();
    const applied = await enforce(dataplane);
    expect(applied.drifted).toEqual([
      expect.stringContaining("chain c_pods: rule 1 is nothing instead of"),
      expect.stringContaining("chain c_pods: rule 2 is nothing instead of"),
    ]);
    expect(await enforce(dataplane)).not.toHaveProperty("drifted");
    // Half of what we wrote ourselves is no drift.
    cluster.delete("NetworkPolicy", "default", "api");
    nft.failNext(new NftUnavailable("nft died"));
    await expect(enforce(dataplane)).rejects.toThrow("nft died");
    dataplane.distrust();
    expect(await enforce(dataplane)).not.toHaveProperty("drifted");
    await nft.run({ table, operations: [{ op: "delete table" }] });
    dataplane.distrust();
    const missing = "table inet portcullis is missing";
    expect(await enforce(dataplane)).toMatchObject({ drifted: [missing], replaced: missing });
  });

  test("goes away with remove, and nobody else's does", async () => {
    const other = { family: "inet", name: "other" } as const;
    await nft.run({ table: other, operations: [{ op: "add table" }] });
    const dataplane = make();
    await enforce(dataplane);
    await dataplane.remove();
    expect(await nft.list(table)).toBeUndefined();
    expect(await nft.list(other)).toBeDefined();
  });
});

function make(options: Partial<DataplaneOptions> = {}): Dataplane {
  return new Dataplane({
    nft,
    connections: {
      list: async () => connections,
      cut: async (denied) => {
        connections = connections.filter((connection) => !denied.includes(connection));
      },
    },
    podCidrs: [parseCidr("10.1.0.0/16")!, parseCidr("fd00::/64")!],
    ...options,
  });
}

function enforce(dataplane: Dataplane) {
  return dataplane.apply(cluster.program(() => true));
}

function add(manifest: string): void {
  const { objects, diagnostics } = readManifest(manifest, "test.yaml");
  expect(diagnostics).toEqual([]);
  for (const object of objects) cluster.upsert(object);
}

function passes(saddr: string, daddr: string, dport: number, path: "forward" | "input" = "forward"): boolean {
  return nft.evaluate(newPacket(saddr, daddr, { dport, path })).verdict === "accept";
}
