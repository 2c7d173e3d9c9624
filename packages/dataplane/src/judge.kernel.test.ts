import { type Pod, parseAddress, parseCidr } from "@portcullis/engine";
import { NftProcess } from "@portcullis/nft";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Dataplane, type DataplaneSettings } from "./dataplane.ts";
import { table } from "./names.ts";
import { podLinksByRoute } from "./node/pod-links.ts";
import { apiFromWeb, clusterOf, jobToApi, localProgram } from "./test-cluster.testing.ts";
import { addresses, podCidrs, TestNode } from "./test-node.testing.ts";
import { type Expected, notSo } from "./test-reach.testing.ts";

// A node whose pods are behind links of their own, with neighbours that have to be found, a container that is no pod, and
// another node. What is judged is judged, and what is not ours is left alone.

let node: TestNode;
let nft: NftProcess;
let dataplane: Dataplane;
const cidrs = podCidrs.map((text) => parseCidr(text)!);

beforeAll(async () => {
  node = await TestNode.open("routed");
  nft = new NftProcess({ command: node.command });
});

afterEach(() => dataplane.remove());

afterAll(async () => {
  await nft.close();
  await node.close();
});

async function enforce(settings: DataplaneSettings, ...policies: readonly string[]): Promise<void> {
  dataplane = new Dataplane({
    nft,
    connections: node.connections,
    podCidrs: cidrs,
    podLinks: podLinksByRoute(cidrs, node.files),
    ...settings,
  });
  await dataplane.apply(localProgram(clusterOf(...policies)));
}

/** Whatever the policies are. */
const leftAlone: readonly Expected[] = [
  "outside → node:80 yes",
  "outside → box:80 yes",
  "box → outside:80 yes",
  "box → node:80 yes",
  "box → remote:80 yes",
  "node → box:80 yes",
  "node → outside:80 yes",
  "node → gateway:80 yes",
  "node → web:81 yes",
  "node → api:81 yes",
  "node → job:81 yes",
];

test("pods are judged, by egress also on their way to the node itself, and everything else is left alone", async () => {
  await enforce({}, apiFromWeb, jobToApi);
  expect(await dataplane.drift()).toEqual([]);
  // Neighbours are found anew, over IPv6 by messages that policies do not name.
  for (const place of ["web", "api", "job"]) await node.run("ip", "-n", place, "neigh", "flush", "all");
  await node.run("ip", "neigh", "flush", "all");
  const judged: readonly Expected[] = [
    "web → api:80 yes",
    "web → api:81 no",
    "web → job:80 yes",
    "web → outside:80 yes",
    "web → remote:80 yes",
    "web → node:80 yes",
    "web → gateway:80 yes",
    "web → box:80 yes",
    "job → api:80 no",
    "job → outside:80 no",
    "job → node:80 no",
    "job → gateway:80 no",
    "outside → web:80 yes",
    "outside → api:80 no",
    "box → web:80 yes",
    "box → api:80 no",
  ];
  expect(await notSo(node, [...judged, ...leftAlone])).toEqual([]);
  const drops = await dataplane.drops();
  const [api, job] = [addresses.api[0], addresses.job[0]];
  expect(drops).toContainEqual(
    expect.objectContaining({ direction: "Ingress", source: job, destination: api }),
  );
  expect(drops).toContainEqual(
    expect.objectContaining({ direction: "Egress", source: job, destination: addresses.node[0] }),
  );
  expect(new Set(drops.map(({ reason }) => reason))).toEqual(new Set(["no-match"]));
});

test("by an address that only its link knows a pod does not reach the node, and whoever is no pod does", async () => {
  const probe = async (place: "job" | "box", timeoutMs: number) =>
    node.place(place).probe(await node.linkLocal(`v-${place}`), 80, { timeoutMs });
  await enforce({}, jobToApi);
  const set = (await nft.listElements(table, [{ name: "pod_links" }])).get("pod_links");
  expect([...set!.elements.keys()].sort()).toEqual(["v-api", "v-job", "v-web"]);
  expect(await probe("job", 250)).toBe("silence");
  // From its own address of the link, or from its other one for as long as that is not settled.
  expect(await probe("box", 5_000)).toMatchObject({ from: expect.stringMatching(/^f[de]/) });
});

test("a pod of the other node arrives with its own address, and is judged by it", async () => {
  await enforce({}, apiFromWeb.replace("{app: web}", "{app: remote}"));
  const remote = (family: 0 | 1, port: number) =>
    node.place("outside").probe(addresses.api[family], port, {
      localAddress: addresses.remote[family],
      timeoutMs: port === 80 ? 5_000 : 250,
    });
  expect(await Promise.all([remote(0, 80), remote(1, 80), remote(0, 81), remote(1, 81)])).toEqual([
    { from: addresses.remote[0] },
    { from: addresses.remote[1] },
    "silence",
    "silence",
  ]);
});

describe("an address that a pod has", () => {
  const at = (address: string) => ({ localAddress: address, timeoutMs: 250 });

  test("is closed both ways while it is of the pods' ranges and not programmed, and told by name", async () => {
    await enforce({});
    const unknown = "10.244.1.99";
    await node.run("ip", "-n", "web", "address", "add", `${unknown}/32`, "dev", "eth0");
    await node.run("ip", "route", "add", `${unknown}/32`, "dev", "v-web");
    const closed = await Promise.all([
      node.place("api").probe(unknown, 80, { timeoutMs: 250 }),
      node.place("web").probe(addresses.outside[0], 80, at(unknown)),
      node.place("web").probe(addresses.gateway[0], 80, at(unknown)),
    ]);
    expect(closed).toEqual(["silence", "silence", "silence"]);
    expect(await node.place("node").probe(unknown, 80)).toEqual({ from: addresses.gateway[0] });
    const flow = { protocol: "TCP", port: 80, packets: 1, reason: "unprogrammed" };
    expect(await dataplane.drops()).toEqual([
      { ...flow, direction: "Egress", source: unknown, destination: addresses.gateway[0] },
      { ...flow, direction: "Egress", source: unknown, destination: addresses.outside[0] },
      { ...flow, direction: "Ingress", source: addresses.api[0], destination: unknown },
    ]);
  });

  test("is judged once it is programmed, also when it is of no range that we know", async () => {
    const elsewhere = "10.99.0.1";
    await node.run("ip", "-n", "web", "address", "add", `${elsewhere}/32`, "dev", "eth0");
    await node.run("ip", "route", "add", `${elsewhere}/32`, "dev", "v-web");
    await enforce({});
    const cluster = clusterOf(jobToApi);
    const pod: Pod = {
      kind: "Pod",
      namespace: "default",
      name: "stray",
      nodeName: "here",
      labels: { app: "job" },
      addresses: [parseAddress(elsewhere)!],
      hostNetwork: false,
      phase: "Running",
      ports: [],
    };
    const from = (host: string, timeoutMs: number) =>
      node.place("web").probe(host, 80, { localAddress: elsewhere, timeoutMs });
    expect(await from(addresses.box[0], 5_000)).toEqual({ from: elsewhere });
    cluster.upsert(pod);
    await dataplane.apply(localProgram(cluster));
    const denied = [addresses.box[0], addresses.node[0]].map((host) => from(host, 250));
    expect(await Promise.all(denied)).toEqual(["silence", "silence"]);
    expect(await from(addresses.api[0], 5_000)).toEqual({ from: elsewhere });
  });
});

test("what is denied is refused, on both hooks, when that is asked for", async () => {
  await enforce({ denied: "reject" }, apiFromWeb, jobToApi);
  const refused: readonly Expected[] = [
    "web → api:81 refused",
    "job → outside:80 refused",
    "job → node:80 refused",
    "outside → api:80 refused",
  ];
  expect(await notSo(node, [...refused, "web → api:80 yes", "job → api:80 refused", ...leftAlone])).toEqual(
    [],
  );
  dataplane.configure({ denied: "drop" });
  await dataplane.apply(localProgram(clusterOf(apiFromWeb, jobToApi)));
  expect(await notSo(node, ["web → api:81 no", "job → node:80 no", "web → api:80 yes"])).toEqual([]);
});

test("open connections that a change denies are cut, or kept; those of others stay in either case", async () => {
  const open = async () => ({
    pods: await node.place("job").connect(addresses.api[0], 80),
    toNode: await node.place("job").connect(addresses.node[0], 80),
    others: await node.place("outside").connect(addresses.box[1], 80),
  });
  await enforce({ established: "keep" });
  const cluster = clusterOf(apiFromWeb, jobToApi);
  const kept = await open();
  await dataplane.apply(localProgram(cluster));
  expect(await node.place("job").carries(kept.pods, 5_000)).toBe(true);
  expect(await node.place("job").carries(kept.toNode, 5_000)).toBe(true);
  dataplane.configure({ established: "cut" });
  // Now that they are not to be kept any more, what was kept goes, though no policy has changed.
  expect((await dataplane.apply(localProgram(cluster))).cut.length).toBeGreaterThan(1);
  expect(await node.place("job").carries(kept.pods, 250)).toBe(false);
  await dataplane.apply(localProgram(clusterOf()));
  const cut = await open();
  expect((await dataplane.apply(localProgram(cluster))).cut.length).toBeGreaterThan(1);
  const denied = [kept.pods, cut.pods, kept.toNode, cut.toNode];
  const carried = await Promise.all(denied.map((each) => node.place("job").carries(each, 250)));
  expect(carried).toEqual([false, false, false, false]);
  for (const connection of [kept.others, cut.others])
    expect(await node.place("outside").carries(connection, 5_000)).toBe(true);
});

test("packets that connection tracking makes nothing of are dropped for pods, and for nobody else", async () => {
  await enforce({});
  const pods = await node.place("web").connect(addresses.api[0], 80);
  const others = await node.place("outside").connect(addresses.box[0], 80);
  // Forgotten, and not to be picked up in the middle: whatever comes next is invalid.
  await node.run("sysctl", "-qw", "net.netfilter.nf_conntrack_tcp_loose=0");
  await node.run("conntrack", "-F");
  expect(await node.place("outside").carries(others, 5_000)).toBe(true);
  expect(await node.place("web").carries(pods, 250)).toBe(false);
  await node.run("sysctl", "-qw", "net.netfilter.nf_conntrack_tcp_loose=1");
});

test("allowed connections are counted by flow, each once, while that is on, and nothing is open or lost meanwhile", async () => {
  const program = localProgram(clusterOf(apiFromWeb, jobToApi));
  await enforce({ established: "keep" }, apiFromWeb, jobToApi);
  const [reader, drops] = [dataplane.flowReader(), dataplane.dropReader()];
  const web = node.place("web");
  let toggling = true;
  const probing = (async () => {
    let sent = 0;
    for (; toggling; sent += 1) {
      expect(await web.probe(addresses.api[0], 80)).toEqual({ from: addresses.web[0] });
      expect(await web.probe(addresses.api[1], 81, { timeoutMs: 20 })).toBe("silence");
    }
    return sent;
  })();
  expect(await reader.read()).toEqual([]);
  for (let i = 0; i < 10; i += 1) {
    dataplane.configure({ flows: i % 2 === 0 });
    expect((await dataplane.apply(program)).changed).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  toggling = false;
  expect(await probing).toBeGreaterThan(5);
  expect(await reader.read()).toEqual([]);
  dataplane.configure({ flows: true });
  await dataplane.apply(program);
  expect(await dataplane.drift()).toEqual([]);
  await drops.read();

  for (let i = 0; i < 3; i += 1) await web.probe(addresses.api[1], 80);
  // Nobody answers, so that each datagram is new to connection tracking.
  const nobody = "192.0.2.99";
  await web.probe(nobody, 9, { protocol: "udp", datagrams: 5, timeoutMs: 50 });
  await web.probe(addresses.api[0], 81, { timeoutMs: 50 });
  const flow = { source: addresses.web[0], protocol: "TCP", port: 80, packets: 1 };
  const expected = [
    { ...flow, destination: nobody, protocol: "UDP", port: 9 },
    { ...flow, source: addresses.web[1], destination: addresses.api[1], packets: 3 },
  ];
  expect(await reader.read()).toEqual(expected);
  expect(await reader.read()).toEqual([]);
  expect(await dataplane.flows()).toEqual(expected);
  expect(await drops.read()).toEqual([
    { ...flow, direction: "Ingress", reason: "no-match", destination: addresses.api[0], port: 81 },
  ]);
});
