import { parseCidr } from "@portcullis/engine";
import { NftProcess } from "@portcullis/nft";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Dataplane } from "./dataplane.ts";
import {
  cniAndFirewall,
  kubeProxyIptables,
  kubeProxyNftables,
  serviceAddresses as service,
} from "./foreign-rules.testing.ts";
import { clusterOf, localProgram } from "./test-cluster.testing.ts";
import { addresses, type PlaceName, podCidrs, TestNode } from "./test-node.testing.ts";
import type { Outcome } from "./test-place.testing.ts";

// Beside the tables of kube-proxy, of a CNI plugin and of a firewall: pods are judged by what they really talk to, and
// the others' tables stay as they are.

let node: TestNode;
let nft: NftProcess;
let dataplane: Dataplane;

beforeAll(async () => {
  node = await TestNode.open("routed");
  nft = new NftProcess({ command: node.command });
  for (const name of ["web", "api", "job"] as const)
    await node.run("sysctl", "-qw", `net.ipv4.conf.v-${name}.rp_filter=0`);
});

afterEach(() => node.run("nft", "flush", "ruleset"));

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

async function enforce(...policies: readonly string[]): Promise<void> {
  dataplane = new Dataplane({
    nft,
    connections: node.connections,
    podCidrs: podCidrs.map((text) => parseCidr(text)!),
  });
  await dataplane.apply(localProgram(clusterOf(...policies)));
}

type Row = readonly [from: PlaceName, host: string, port: number, expected: Outcome | "answer"];

async function notSo(rows: readonly Row[]): Promise<readonly unknown[]> {
  const wrong = await Promise.all(
    rows.map(async ([from, host, port, expected]) => {
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

describe.each([
  ["iptables", kubeProxyIptables, [service.four]],
  ["nftables", kubeProxyNftables, [service.four, service.six]],
] as const)("kube-proxy in the mode %s, with a CNI plugin and a firewall", (_, kubeProxy, services) => {
  const family = (host: string) => (host.includes(":") ? 1 : 0);

  test("a pod behind a Service is judged by who asks, and who asks by what is behind the Service", async () => {
    await node.load(kubeProxy + cniAndFirewall);
    const theirs = await node.foreign();
    const every = (expected: Partial<Record<"web" | "job", Outcome | "answer">>): Row[] =>
      services.flatMap((host) =>
        (["web", "job"] as const).map((from): Row => [from, host, service.port, expected[from] ?? "silence"]),
      );
    const nodePort = (expected: Outcome | "answer"): Row[] =>
      services.map((host) => ["outside", addresses.node[family(host)], service.nodePort, expected]);
    /** Through its Service it comes back with the node's address, and is let in all the same. */
    const hairpin = (): Row[] => services.map((host) => ["api", host, service.port, "answer"]);
    const nodeItself = (): Row[] => services.map((host) => ["node", host, service.port, "answer"]);

    await enforce();
    expect(
      await notSo([...every({ web: "answer", job: "answer" }), ...nodePort("answer"), ...hairpin()]),
    ).toEqual([]);

    await dataplane.apply(localProgram(clusterOf(ingressTo("api", pod("web")), egressOf("job", pod("web")))));
    const denied = [...every({ web: "answer" }), ...nodePort("silence"), ...hairpin(), ...nodeItself()];
    expect(await notSo(denied)).toEqual([]);
    const told = (await dataplane.drops()).map(
      (drop) => `${drop.direction} ${drop.source} ${drop.destination} ${drop.port}`,
    );
    for (const host of services) {
      const [api, job, outside] = (["api", "job", "outside"] as const).map(
        (name) => addresses[name][family(host)],
      );
      // Neither the Service's address nor the node's, but whose they stand for.
      expect(told).toContain(`Egress ${job} ${api} 80`);
      expect(told).toContain(`Ingress ${outside} ${api} 80`);
    }

    const fromOutside = services.map(
      (host) => `${addresses.outside[family(host)]}/${host.includes(":") ? 128 : 32}`,
    );
    await dataplane.apply(
      localProgram(clusterOf(ingressTo("api", fromOutside.map(block).join()), egressOf("job", pod("api")))),
    );
    expect(await notSo([...every({}), ...nodePort("answer"), ...hairpin()])).toEqual([]);
    expect(await node.foreign()).toBe(theirs);
    await dataplane.remove();
    expect(await node.foreign()).toBe(theirs);
    expect(await notSo(every({ web: "answer", job: "answer" }))).toEqual([]);
  });

  test("what leaves the cluster is masqueraded after it was judged; what others refuse or drop is theirs", async () => {
    await node.load(kubeProxy + cniAndFirewall);
    const outside = (host: string) => addresses.outside[family(host)];
    await enforce(
      egressOf(
        "job",
        services.map((host) => block(`${outside(host)}/${host.includes(":") ? 128 : 32}`)).join(),
      ),
    );
    const rows = services.flatMap((host): Row[] => [
      ["web", outside(host), 80, { from: addresses.node[family(host)] }],
      ["job", outside(host), 80, { from: addresses.node[family(host)] }],
      ["job", addresses.web[family(host)], 80, "silence"],
      ["job", addresses.remote[family(host)], 80, "silence"],
      // To the other node's pods it goes with its own address.
      ["web", addresses.remote[family(host)], 80, { from: addresses.web[family(host)] }],
      ["outside", addresses.node[family(host)], 80, "answer"],
    ]);
    expect(await notSo(rows)).toEqual([]);
    expect(await notSo([["web", service.empty, service.port, "refused"]])).toEqual([]);
    // Kept from us by the firewall's policy: no drop of ours.
    expect(await notSo([["outside", addresses.box[1], 80, "silence"]])).toEqual([]);
    const drops = (await dataplane.drops()).map(({ source }) => source);
    expect(drops.filter((source) => !addresses.job.some((job) => job === source))).toEqual([]);
  });
});
