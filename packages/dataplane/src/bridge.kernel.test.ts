import { parseCidr } from "@portcullis/engine";
import { NftProcess } from "@portcullis/nft";
import { afterAll, beforeAll, beforeEach, expect, type TestContext, test } from "vitest";
import { Dataplane } from "./dataplane.ts";
import { foreignRules } from "./foreign-rules.testing.ts";
import { checkNode } from "./node/check-node.ts";
import { podLinksByRoute } from "./node/pod-links.ts";
import { services } from "./service.testing.ts";
import { apiFromWeb, clusterOf, jobToApi, localProgram } from "./test-cluster.testing.ts";
import { addresses, podCidrs, TestNode } from "./test-node.testing.ts";
import { type Expected, notSo } from "./test-reach.testing.ts";

// Pods on one bridge: packets between them pass our hooks by the module br_netfilter, or not at all.

let node: TestNode;
let nft: NftProcess;
const cidrs = podCidrs.map((text) => parseCidr(text)!);
const sysctls = ["iptables", "ip6tables"].map((each) => `net.bridge.bridge-nf-call-${each}`);

beforeAll(async () => {
  node = await TestNode.open("bridge");
  nft = new NftProcess({ command: node.command });
});

beforeEach(async (context: TestContext) => {
  const value = await node.run("sysctl", "-n", sysctls[0]!).catch(() => undefined);
  if (value === undefined) context.skip("this kernel has no module br_netfilter");
});

afterAll(async () => {
  await nft.close();
  await node.close();
});

const dataplane = (denied: "drop" | "reject" = "drop") =>
  new Dataplane({
    nft,
    connections: node.connections,
    podCidrs: cidrs,
    podLinks: podLinksByRoute(cidrs, node.files),
    denied,
  });

const judged: readonly Expected[] = [
  "web → api:80 yes",
  "web → api:81 no",
  "web → job:80 yes",
  "job → api:80 no",
  "job → web:80 no",
  "job → gateway:80 no",
  "job → outside:80 no",
  "web → gateway:80 yes",
  "web → outside:80 yes",
  "outside → api:80 no",
  "outside → web:80 yes",
  "node → api:81 yes",
  "node → job:81 yes",
];

async function forgetNeighbours(): Promise<void> {
  for (const place of ["web", "api", "job"]) await node.run("ip", "-n", place, "neigh", "flush", "all");
  await node.run("ip", "neigh", "flush", "all");
}

test("pods on a bridge are judged, and find each other", async () => {
  for (const sysctl of sysctls) await node.run("sysctl", "-qw", `${sysctl}=1`);
  // What is led to a Service on the bridge is what iptables takes on there, where the program is at hand.
  const { "iptables over nftables": byIptables, nftables } = foreignRules;
  const theirs = (await byIptables.missing(node)) === undefined ? byIptables : nftables;
  await theirs.load(node);
  const ours = dataplane();
  await ours.apply(localProgram(clusterOf(apiFromWeb, jobToApi)));
  await forgetNeighbours();
  expect(await notSo(node, judged)).toEqual([]);
  for (const [family, host] of services.api.addresses.entries()) {
    const { port } = services.api;
    const own = await node.place("api").probe(host, port);
    expect(own).toMatchObject({ from: expect.any(String) });
    expect(await node.place("web").probe(host, port)).toEqual({ from: addresses.web[family] });
    expect(await node.place("job").probe(host, port, { timeoutMs: 250 })).toBe("silence");
  }
  // By what only the link knows, a pod reaches neither another one nor the node.
  const [api, bridge] = [await node.linkLocal("eth0", "api"), await node.linkLocal("cni0")];
  const around = [api, bridge].map((host) => node.place("job").probe(host, 81, { timeoutMs: 250 }));
  expect(await Promise.all(around)).toEqual(["silence", "silence"]);
  expect(await ours.drift()).toEqual([]);
  await theirs.flush(node);
  ours.configure({ denied: "reject" });
  await ours.apply(localProgram(clusterOf(apiFromWeb, jobToApi)));
  expect(
    await notSo(node, [
      "web → api:81 refused",
      "job → gateway:80 refused",
      "web → api:80 yes",
      "outside → box:80 yes",
    ]),
  ).toEqual([]);
  await ours.remove();
});

test("where the bridge passes by the hooks, the node's check says so, and how it is mended", async () => {
  const check = async () =>
    (await checkNode({ nft, podCidrs: cidrs, files: node.files })).map(
      ({ type, reason }) => `${type} ${reason}`,
    );
  expect(await check()).toEqual([]);
  for (const sysctl of sysctls) await node.run("sysctl", "-qw", `${sysctl}=0`);
  expect(await check()).toEqual(["BridgeNotFiltered CallDisabled", "BridgeNotFiltered CallDisabled"]);
  const ours = dataplane();
  await ours.apply(localProgram(clusterOf(apiFromWeb)));
  // True to the finding.
  expect(await notSo(node, ["web → api:81 yes"])).toEqual([]);
  const [finding] = await checkNode({ nft, podCidrs: cidrs, files: node.files });
  const mend = /: (sysctl -w .*)$/.exec(finding?.message ?? "")?.[1] ?? "";
  await node.run("sh", "-c", mend);
  await node.run("sh", "-c", mend.replace("-iptables", "-ip6tables"));
  expect(await check()).toEqual([]);
  expect(await notSo(node, ["web → api:81 no"])).toEqual([]);
  await ours.remove();
});
