import { setTimeout as sleep } from "node:timers/promises";
import { parseCidr } from "@portcullis/engine";
import { NftProcess } from "@portcullis/nft";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, type TestContext, test } from "vitest";
import { hostPort } from "./cni-iptables.testing.ts";
import { Dataplane } from "./dataplane.ts";
import { foreignRules } from "./foreign-rules.testing.ts";
import { services } from "./service.testing.ts";
import { clusterOf, localProgram } from "./test-cluster.testing.ts";
import { addresses, type PlaceName, podCidrs, TestNode } from "./test-node.testing.ts";
import type { Outcome } from "./test-place.testing.ts";

// Beside the rules of kube-proxy, of CNI plugins, of Docker and of a firewall, written by their own programs: pods are
// judged by what they really talk to, and the others' rules stay as they are.

let node: TestNode;
let nft: NftProcess;
let dataplane: Dataplane;

beforeAll(async () => {
  node = await TestNode.open("routed");
  nft = new NftProcess({ command: node.command });
  for (const name of ["web", "api", "job"] as const)
    await node.run("sysctl", "-qw", `net.ipv4.conf.v-${name}.rp_filter=0`);
});

afterAll(async () => {
  await nft.close();
  await node.close();
});

const ingressTo = (app: string, from: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${app}}
spec: {podSelector: {matchLabels: {app: ${app}}}, policyTypes: [Ingress], ingress: [{from: [${from}], ports: [{port: 80}]}]}
`;
const egressOf = (app: string, to: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${app}-out}
spec: {podSelector: {matchLabels: {app: ${app}}}, policyTypes: [Egress], egress: [{to: [${to}]}]}
`;
const pod = (app: string) => `{podSelector: {matchLabels: {app: ${app}}}}`;
const block = (cidr: string) => `{ipBlock: {cidr: ${cidr}}}`;
const families = [0, 1] as const;
const outsideOnly = families
  .map((family) => block(`${addresses.outside[family]}/${[32, 128][family]}`))
  .join();

async function enforce(...policies: readonly string[]): Promise<void> {
  dataplane = new Dataplane({
    nft,
    connections: node.connections,
    podCidrs: podCidrs.map((text) => parseCidr(text)!),
  });
  await now(...policies);
}

async function now(...policies: readonly string[]): Promise<void> {
  await dataplane.apply(localProgram(clusterOf(...policies)));
}

async function told(): Promise<readonly string[]> {
  const drops = await dataplane.drops();
  return drops.map((drop) => `${drop.direction} ${drop.source} ${drop.destination} ${drop.port}`);
}

type Row = readonly [from: PlaceName, host: string, port: number, expected: Outcome | "answer"];

/** What is said of IPv4 (0) and IPv6 (1), and is not so. */
async function notSo(rowsOf: (family: 0 | 1) => readonly Row[]): Promise<readonly unknown[]> {
  const wrong = await Promise.all(
    families.flatMap(rowsOf).map(async ([from, host, port, expected]) => {
      const outcome = await node
        .place(from)
        .probe(host, port, expected === "silence" ? { timeoutMs: 250 } : {});
      const got = expected === "answer" && typeof outcome === "object" ? expected : outcome;
      return JSON.stringify(got) === JSON.stringify(expected)
        ? []
        : [{ from, host, port, expected, outcome }];
    }),
  );
  return wrong.flat();
}

describe.each(Object.entries(foreignRules))("beside %s", (name, rules) => {
  const byIptables = name !== "nftables";
  let missing: string | undefined;

  beforeAll(async () => {
    missing = await rules.missing(node);
    if (missing === undefined) await rules.load(node);
  });

  beforeEach((context: TestContext) => {
    if (missing !== undefined) context.skip(missing);
  });

  afterEach(() => node.load("add table inet portcullis\ndelete table inet portcullis"));

  afterAll(async () => {
    if (missing === undefined) await rules.flush(node);
  });

  test("a pod behind a Service is judged by who asks, and who asks by what is behind the Service", async () => {
    const theirs = await rules.saved(node);
    const { api, sticky, local, far } = services;
    const toService = (family: 0 | 1, expected: Partial<Record<PlaceName, Outcome | "answer">>): Row[] =>
      [api, sticky].flatMap((service) =>
        (["web", "job"] as const).map((from): Row => {
          return [from, service.addresses[family], service.port, expected[from] ?? "silence"];
        }),
      );
    /** By the node's address and a port of it; who comes by a port of kube-proxy's own gets another address, after us. */
    const toNode = (family: 0 | 1, isAllowed: boolean): Row[] => {
      const host = addresses.node[family];
      const outside = { from: addresses.outside[family] };
      return [
        ["outside", host, api.nodePort, isAllowed ? "answer" : "silence"],
        ["outside", host, local.nodePort, isAllowed ? outside : "silence"],
        ...(byIptables ? [["outside", host, hostPort, isAllowed ? outside : "silence"] as const] : []),
      ];
    };
    const always = (family: 0 | 1): Row[] => [
      // Through its Service it comes back with the node's address, and is let in all the same.
      ["api", api.addresses[family], api.port, "answer"],
      ["node", api.addresses[family], api.port, "answer"],
      // A pod of another node sees this one's address, and so do its policies.
      ["outside", addresses.node[family], far.nodePort, { from: addresses.node[family] }],
    ];

    await enforce();
    expect(
      await notSo((family) => [
        ...toService(family, { web: { from: addresses.web[family] }, job: { from: addresses.job[family] } }),
        ...toNode(family, true),
        ...always(family),
        // The plugin bridge masquerades between nodes, too: policies of the other one see this one.
        ["job", addresses.remote[family], 80, { from: addresses[byIptables ? "node" : "job"][family] }],
      ]),
    ).toEqual([]);

    await now(ingressTo("api", pod("web")), egressOf("job", pod("web")));
    expect(
      await notSo((family) => [
        ...toService(family, { web: "answer" }),
        ...toNode(family, false),
        ...always(family),
      ]),
    ).toEqual([]);
    for (const family of families) {
      const [api, job, outside] = (["api", "job", "outside"] as const).map((name) => addresses[name][family]);
      // Neither the Service's address nor the node's, but whose they stand for.
      expect(await told()).toContain(`Egress ${job} ${api} 80`);
      expect(await told()).toContain(`Ingress ${outside} ${api} 80`);
    }

    await now(ingressTo("api", outsideOnly), egressOf("job", pod("api")));
    expect(
      await notSo((family) => [...toService(family, {}), ...toNode(family, true), ...always(family)]),
    ).toEqual([]);
    expect(await rules.saved(node)).toBe(theirs);
    await dataplane.remove();
    expect(await rules.saved(node)).toBe(theirs);
    expect(await notSo((family) => toService(family, { web: "answer", job: "answer" }))).toEqual([]);
  });

  test("what leaves the cluster is masqueraded after it was judged; what others refuse or drop is theirs", async () => {
    await enforce(egressOf("job", outsideOnly));
    expect(
      await notSo((family) => [
        ["web", addresses.outside[family], 80, { from: addresses.node[family] }],
        ["job", addresses.outside[family], 80, { from: addresses.node[family] }],
        ["job", addresses.web[family], 80, "silence"],
        ["job", addresses.remote[family], 80, "silence"],
        // To the other node's pods it goes with its own address.
        ["web", addresses.remote[family], 80, { from: addresses.web[family] }],
        ["outside", addresses.node[family], 80, "answer"],
        // Kept from us by somebody's policy to drop: no drop of ours.
        ["outside", addresses.box[family], 80, "silence"],
      ]),
    ).toEqual([]);
    // Over IPv6 the kernel believes it at the second SYN only, a second later.
    const { addresses: hosts, port } = services.empty;
    expect(await node.place("web").probe(hosts[0], port)).toBe("refused");
    const sources = (await dataplane.drops()).map(({ source }) => source);
    expect(sources.filter((source) => !addresses.job.some((job) => job === source))).toEqual([]);
  });

  test("of a Service's pods, those are reached that policies allow", async () => {
    await enforce(egressOf("job", pod("api")));
    const { addresses: hosts, port } = services.two;
    const outcomes = await Promise.all(
      families.map((family) =>
        Promise.all(
          // All of them to the same one: once in two thousand million times.
          Array.from({ length: 32 }, () => node.place("job").probe(hosts[family], port, { timeoutMs: 500 })),
        ),
      ),
    );
    expect(outcomes.map((each) => [...new Set(each.map((one) => JSON.stringify(one)))].sort())).toEqual(
      addresses.job.map((from) => ['"silence"', JSON.stringify({ from })]),
    );
    expect([...new Set(await told())].sort()).toEqual(
      families.map((family) => `Egress ${addresses.job[family]} ${addresses.remote[family]} 80`),
    );
  });

  test("what is open through a Service is cut when a change denies it, and by nothing that others reload", async () => {
    await enforce();
    const { api } = services;
    const open = (from: PlaceName, host: string, port: number) => node.place(from).connect(host, port);
    const [web, job, outside] = await Promise.all(
      [
        families.map((family) => open("web", api.addresses[family], api.port)),
        families.map((family) => open("job", api.addresses[family], api.port)),
        families.map((family) => open("outside", addresses.node[family], api.nodePort)),
      ].map((each) => Promise.all(each)),
    );
    const carry = async (from: PlaceName, connections: readonly number[] = [], timeoutMs = 5_000) =>
      Promise.all(connections.map((connection) => node.place(from).carries(connection, timeoutMs)));
    await now(ingressTo("api", pod("web")));
    await rules.reload(node);
    expect(await carry("web", web)).toEqual([true, true]);
    expect(await carry("job", job, 250)).toEqual([false, false]);
    expect(await carry("outside", outside, 250)).toEqual([false, false]);
  });

  test("however often others load their rules and throw them away: nothing forbidden passes, and nothing is told", async () => {
    await rules.flush(node);
    await enforce(ingressTo("api", pod("web")));
    const heard: string[] = [];
    const watch = dataplane.watch({
      onForeignWrite: () => heard.push("write"),
      onDoubt: () => heard.push("doubt"),
      onHearing: () => heard.push("hearing"),
      onDeaf: (words) => heard.push(words),
    });
    try {
      await expect.poll(() => heard).toEqual(["hearing", "doubt"]);
      const forbidden = probing();
      await rules.load(node);
      for (let i = 0; i < 3; i++) await rules.reload(node);
      expect(await notSo((family) => [["web", services.api.addresses[family], 80, "answer"]])).toEqual([]);
      await rules.flush(node);
      await rules.load(node);
      // Refused by the node itself, while nobody has led that port elsewhere.
      const passed = (await forbidden.end()).filter((outcome) => typeof outcome === "object");
      expect(passed).toEqual([]);
      // Told in the order of the changes: when this is, all of those have been.
      await node.run("nft", "add", "chain", "inet", "portcullis", "c_foreign");
      // A monitor that a busy machine keeps waiting may lose some of others', and have doubts then.
      const writes = () => heard.filter((each) => each === "write").length;
      await expect.poll(writes).toBeGreaterThan(0);
      await sleep(50);
      expect(writes()).toBe(1);
      expect(await dataplane.drift()).toEqual(["chain c_foreign is unexpected"]);
    } finally {
      await watch.close();
    }
  });
});

/** What api lets in from web only, over and over. */
function probing(): { end(): Promise<readonly Outcome[]> } {
  const probes: Promise<Outcome>[] = [];
  let running = true;
  const loop = async () => {
    while (running) {
      for (const host of addresses.api) probes.push(node.place("job").probe(host, 80, { timeoutMs: 200 }));
      for (const host of addresses.node)
        probes.push(node.place("outside").probe(host, services.api.nodePort, { timeoutMs: 200 }));
      await sleep(20);
    }
  };
  const looping = loop();
  return {
    async end() {
      running = false;
      await looping;
      return Promise.all(probes);
    },
  };
}
