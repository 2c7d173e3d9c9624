import { Conditions, Log, Observability } from "@portcullis/agent";
import { Dataplane } from "@portcullis/dataplane";
import { Cluster, type FlowEnd, type FlowRecord, objectFromApi, parseCidr } from "@portcullis/engine";
import { NftProcess } from "@portcullis/nft";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodes, places } from "./layout.ts";
import { expectClosed, expectOpen, untilOpen } from "./reach.ts";
import { openTwoNodes, type TwoNodes } from "./two-nodes.ts";

// What the kernel of a node drops and lets pass, told with names.

const [nodeA] = nodes;
let machines: TwoNodes;
let nft: NftProcess;
let observability: Observability;
let url: string;

beforeAll(async () => {
  machines = await openTwoNodes();
  nft = new NftProcess({ command: machines.commandOf(nodeA.name) });
  const dataplane = new Dataplane({
    nft,
    connections: { list: async () => [], cut: async () => {} },
    podCidrs: nodeA.podCidrs.map((cidr) => parseCidr(cidr)!),
    flows: true,
  });
  const cluster = clusterOfPlaces();
  await dataplane.apply(cluster.program({ node: nodeA.name }));
  observability = new Observability({
    nodeName: nodeA.name,
    version: "0",
    conditions: new Conditions(() => {}),
    log: new Log({ write: () => {} }),
    api: { host: "127.0.0.1", port: 0 },
    // Looks are taken by the test.
    dropsEveryMs: 0,
    flowsEveryMs: 0,
    flows: true,
  });
  const [address] = await observability.start();
  url = `http://${address}/v1`;
  observability.watch({
    cluster,
    inSync: true,
    dropReader: () => dataplane.dropReader(),
    flowReader: () => dataplane.flowReader(),
  });
  await observability.look();
});

afterAll(async () => {
  await observability?.close();
  await nft?.close();
  await machines?.close();
});

test("each packet that is dropped has its pods, its reason and the nearest rule; each that passes its pods", async () => {
  const { target, friend, stranger, unknown } = machines.places;
  // Links that have just come up find their neighbours first.
  await untilOpen(friend, target);
  await Promise.all([
    expectOpen(friend, target),
    expectClosed(stranger, target),
    expectClosed(friend, target, 81),
    expectClosed(friend, unknown),
  ]);
  const because = "ingress[0] of default/target:";
  const dropped = async () => {
    await observability.look();
    const lines = (await listed("drops")).map(
      ({ source, destination, protocol, port, denied }) =>
        `${name(source)} → ${name(destination)} ${protocol} ${port}: ${denied?.reason} ${denied?.policies} ${denied?.nearest?.replace(because, "…")}`,
    );
    return lines.sort();
  };
  const twice = (line: (protocol: string) => string) => ["TCP", "TCP", "UDP", "UDP"].map(line);
  // Once for each address family. A packet may be on its way for a while.
  await expect
    .poll(dropped, { timeout: 20_000 })
    .toEqual(
      [
        ...twice(
          (p) =>
            `stranger → target ${p} 80: no-match default/target … peer needs app=friend, pod has app=stranger`,
        ),
        ...twice(
          (p) =>
            `friend → target ${p} 81: no-match default/target … matches the peer but only ports TCP 80, UDP 80`,
        ),
        ...["TCP", "UDP"].flatMap((p) =>
          places.unknown.addresses.map((address) => `friend → ${address} ${p} 80: unprogrammed  undefined`),
        ),
      ].sort(),
    );
  // How many connections there were is the prober's, which asks again when nobody answers at once.
  const passed = (await listed("flows")).map(
    ({ verdict, source, destination, protocol, port }) =>
      `${verdict} ${name(source)} → ${name(destination)} ${protocol} ${port}`,
  );
  expect(passed.sort()).toEqual(twice((p) => `allowed friend → target ${p} 80`));
});

test("a look tells what came since the one before", async () => {
  const { target, stranger } = machines.places;
  // A packet of before may have been on its way.
  let before = 0;
  await expect
    .poll(
      async () => {
        const told = await total("drops");
        await observability.look();
        before = await total("drops");
        return before - told;
      },
      { timeout: 20_000 },
    )
    .toBe(0);
  await expectClosed(stranger, target, 82);
  await observability.look();
  expect(await total("drops")).toBeGreaterThanOrEqual(before + 4);
});

const listed = async (what: "drops" | "flows"): Promise<readonly FlowRecord[]> =>
  ((await (await fetch(`${url}/${what}`)).json()) as { flows: readonly FlowRecord[] }).flows;

const total = async (what: "drops" | "flows") =>
  (await listed(what)).reduce((sum, { count }) => sum + count, 0);

const name = ({ pod, address }: FlowEnd): string => pod?.name ?? address;

/** A pod at each of three places, and a policy that lets one of them into another. */
function clusterOfPlaces(): Cluster {
  const cluster = new Cluster();
  const pods = (["target", "friend", "stranger"] as const).map((place) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: "default", name: place, labels: { app: place } },
    spec: { nodeName: places[place].node, containers: [{ name: "c" }] },
    status: { phase: "Running", podIPs: places[place].addresses.map((ip) => ({ ip })) },
  }));
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { namespace: "default", name: "target" },
    spec: {
      podSelector: { matchLabels: { app: "target" } },
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { app: "friend" } } }],
          ports: [{ port: 80 }, { port: 80, protocol: "UDP" }],
        },
      ],
    },
  };
  for (const object of [...pods, policy]) cluster.upsert(objectFromApi(object).object!);
  return cluster;
}
