import { parseCidr } from "@portcullis/engine";
import { FakeNft, type Packet } from "@portcullis/nft";
import { newPacket } from "@portcullis/nft/testing";
import { beforeEach, expect, test } from "vitest";
import { Dataplane, type DataplaneSettings } from "./dataplane.ts";
import { apiFromWeb, clusterOf, jobToApi, localProgram } from "./test-cluster.testing.ts";
import { addresses, podCidrs } from "./test-node.testing.ts";

// What judge.kernel.test.ts shows with packets, and what packets cannot easily be brought to be.

let nft: FakeNft;
let dataplane: Dataplane;

beforeEach(async () => {
  nft = new FakeNft();
  await enforce({});
});

async function enforce(settings: DataplaneSettings): Promise<void> {
  dataplane = new Dataplane({
    nft,
    connections: { list: async () => [], cut: async () => {} },
    podCidrs: podCidrs.map((text) => parseCidr(text)!),
    podLinks: async () => ["cni0"],
    ...settings,
  });
  await dataplane.apply(localProgram(clusterOf(apiFromWeb, jobToApi)));
}

const verdict = (...parts: Parameters<typeof newPacket>) => nft.evaluate(newPacket(...parts)).verdict;

test.each([0, 1] as const)("what is no pod's is accepted in whatever state (family %i)", (family) => {
  const [outside, box, node] = (["outside", "box", "node"] as const).map((name) => addresses[name][family]);
  for (const ctState of ["new", "established", "related", "invalid", "untracked"] as const)
    for (const tcpFlags of [["syn"], ["ack"], ["rst"], []]) {
      expect(verdict(outside!, box!, { ctState, tcpFlags })).toBe("accept");
      expect(verdict(outside!, node!, { ctState, tcpFlags, path: "input" })).toBe("accept");
    }
  expect(verdict(outside!, addresses.web[family], { ctState: "invalid" })).toBe("drop");
  expect(verdict(addresses.web[family], node!, { tcpFlags: ["ack"], path: "input" })).toBe("drop");
  expect(verdict(addresses.web[family], node!, { ctState: "established", path: "input" })).toBe("accept");
});

test.each([0, 1] as const)(
  "a pod reaches its node at an address of the pods' range, if its egress lets it (family %i)",
  (family) => {
    const gateway = addresses.gateway[family];
    expect(verdict(addresses.web[family], gateway, { path: "input" })).toBe("accept");
    expect(verdict(addresses.job[family], gateway, { path: "input" })).toBe("drop");
    // As long as it is not forwarded: then it is nobody's.
    expect(verdict(addresses.web[family], gateway)).toBe("drop");
  },
);

test("neighbours find each other whatever the policies are, by packets that passed no router", () => {
  const found = (more: Partial<Packet>) =>
    verdict(addresses.job[1], addresses.gateway[1], { protocol: "icmpv6", path: "input", ...more });
  for (const icmpv6Type of [133, 134, 135, 136, 137]) {
    expect(found({ icmpv6Type, hopLimit: 255, ctState: "untracked" })).toBe("accept");
    expect(found({ icmpv6Type, hopLimit: 254, ctState: "untracked" })).toBe("drop");
  }
  for (const icmpv6Type of [128, 132, 138]) expect(found({ icmpv6Type, hopLimit: 255 })).toBe("drop");
});

test("by link-local addresses pods find neighbours and memberships, and nobody else's are touched", () => {
  const link = (iifname: string, more: Partial<Packet>) =>
    verdict("fe80::1", "fe80::2", { iifname, ...more });
  for (const path of ["input", "forward"] as const) {
    expect(link("cni0", { path })).toBe("drop");
    expect(link("cni0", { path, protocol: "udp" })).toBe("drop");
    expect(link("cni0", { path, protocol: "icmpv6", icmpv6Type: 128 })).toBe("drop");
    for (const icmpv6Type of [130, 135, 136, 143])
      expect(link("cni0", { path, protocol: "icmpv6", icmpv6Type })).toBe("accept");
    expect(link("eth0", { path })).toBe("accept");
    expect(link("docker0", { path, protocol: "udp" })).toBe("accept");
  }
});

test("an address that is not programmed is told as such, on the side that it is on", async () => {
  verdict("10.244.1.99", addresses.outside[0]);
  verdict(addresses.web[0], "10.244.1.99", { protocol: "icmp" });
  const drops = (await dataplane.drops()).map(
    ({ direction, reason, source, destination, protocol, port }) =>
      `${direction} ${reason} ${source} ${destination} ${protocol} ${port}`,
  );
  expect(drops).toEqual([
    `Egress unprogrammed 10.244.1.99 ${addresses.outside[0]} TCP 80`,
    `Ingress unprogrammed ${addresses.web[0]} 10.244.1.99 ICMP 0`,
  ]);
});

test("what is recorded is what is allowed: first packets, of protocols with ports and without, and of none that is known", async () => {
  verdict(addresses.web[0], addresses.api[0]);
  expect(await dataplane.flows()).toEqual([]);
  dataplane.configure({ flows: true });
  await dataplane.apply(localProgram(clusterOf(apiFromWeb, jobToApi)));
  verdict(addresses.web[0], addresses.api[0]);
  verdict(addresses.web[0], addresses.api[0], { ctState: "established" });
  // New to connection tracking still, for nobody has answered; but no new connection.
  for (const confirmed of [false, true, true])
    verdict(addresses.web[1], addresses.outside[1], { protocol: "udp", dport: 53, confirmed });
  verdict(addresses.web[0], addresses.outside[0], { protocol: "icmp" });
  verdict(addresses.web[0], addresses.web[0]);
  verdict(addresses.job[0], addresses.outside[0]);
  verdict(addresses.outside[0], addresses.box[0]);
  const flow = { source: addresses.web[0], port: 80, protocol: "TCP", packets: 1 };
  expect(await dataplane.flows()).toEqual([
    { ...flow, destination: addresses.web[0] },
    { ...flow, destination: addresses.api[0] },
    { ...flow, destination: addresses.outside[0], protocol: "ICMP", port: 0 },
    { ...flow, source: addresses.web[1], destination: addresses.outside[1], protocol: "UDP", port: 53 },
  ]);
  dataplane.configure({ flows: false });
  await dataplane.apply(localProgram(clusterOf(apiFromWeb, jobToApi)));
  expect(nft.dump()).not.toContain("flows_");
});

test("a chain that lost its rules drops for pods, and for nobody else", async () => {
  const table = { family: "inet", name: "portcullis" } as const;
  for (const name of ["c_ingress", "c_judge", "c_allowed"]) {
    await nft.run({ table, operations: [{ op: "flush chain", name }] });
    expect(verdict(addresses.web[0], addresses.api[0])).toBe("drop");
    expect(verdict(addresses.web[0], addresses.outside[0])).toBe("drop");
    expect(verdict(addresses.outside[0], addresses.box[0])).toBe("accept");
  }
});
