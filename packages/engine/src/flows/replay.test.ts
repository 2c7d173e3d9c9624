import fc from "fast-check";
import { expect, test } from "vitest";
import {
  clusterOf,
  everything,
  labelled,
  node,
  pod,
  pods,
  policy,
  rule,
  tcp,
} from "../cluster/objects.testing.ts";
import type { ClusterObject, Pod } from "../model/objects.ts";
import { printedSeed } from "../seed.testing.ts";
import { oracle } from "../verdict/oracle.ts";
import { flowsOf, randomCluster, randomProbes } from "../verdict/random-cluster.testing.ts";
import type { FlowRecord } from "./flow-record.ts";
import { end, record } from "./records.testing.ts";
import { type Replay, replay } from "./replay.ts";

const web = pod("shop/web-1", { app: "web" }, ["10.0.0.1"], { owner: { kind: "Deployment", name: "web" } });
const db = pod("shop/db-0", { app: "db" }, ["10.0.0.2"], { owner: { kind: "StatefulSet", name: "db" } });
const onlyWeb = policy("shop/db", labelled({ app: "db" }), {
  ingress: [rule([pods({ app: "web" })], [tcp(5432)])],
});
const webToDb = (port: number, more: Partial<FlowRecord> = {}) =>
  record(end("10.0.0.1", "shop/web-1"), end("10.0.0.2", "shop/db-0"), port, more);

const replayed = (objects: readonly ClusterObject[], ...records: readonly FlowRecord[]): Replay =>
  replay(clusterOf(...objects), records);

test("what would be denied now comes with policy, direction and nearest miss; counts are of flows and connections", () => {
  const found = replayed(
    [web, db, onlyWeb],
    webToDb(5432, { count: 10 }),
    webToDb(5433, { count: 3 }),
    webToDb(5433, { count: 2, from: "2026-01-31T11:00:00Z" }),
    webToDb(5432, { verdict: "denied", count: 4 }),
    webToDb(1, { verdict: "denied" }),
  );
  expect(found).toEqual({
    recorded: { flows: 4, connections: 20 },
    denied: [
      {
        source: { namespace: "shop", workload: "Deployment/web" },
        destination: { namespace: "shop", workload: "StatefulSet/db" },
        protocol: "TCP",
        port: 5433,
        flows: 1,
        connections: 5,
        from: "2026-01-31T11:00:00Z",
        to: "2026-01-31T12:00:10Z",
        denied: [
          {
            direction: "Ingress",
            policies: ["shop/db"],
            reason: "no-match",
            nearest: "ingress[0] of shop/db: matches the peer but only port TCP 5432",
          },
        ],
      },
    ],
    allowed: [expect.objectContaining({ port: 5432, egress: "not isolated", ingress: "shop/db ingress[0]" })],
    stillAllowed: { flows: 1, connections: 10 },
    stillDenied: { flows: 1, connections: 1 },
    notJudged: [],
  });
});

test("a connection that two nodes saw counts once; what staged policies would deny had passed", () => {
  const found = replayed(
    [web, db, onlyWeb],
    webToDb(1, { node: "n1", count: 3 }),
    webToDb(1, { node: "n2", count: 4 }),
    webToDb(1, { node: "n1", verdict: "would-be-denied", count: 5 }),
  );
  expect(found.recorded).toEqual({ flows: 1, connections: 8 });
  expect(found.denied.map(({ connections }) => connections)).toEqual([8]);
});

test("what one node let out and the other did not let in has not passed, unless that one let it in at another time", () => {
  const denied = { direction: "Ingress" as const, policies: ["shop/db"], reason: "no-match" as const };
  const refused = webToDb(1, { node: "n2", verdict: "denied", denied, count: 3 });
  const out = webToDb(1, { node: "n1", count: 3 });
  expect(replayed([web, db, onlyWeb], out, refused)).toMatchObject({
    recorded: { flows: 1, connections: 3 },
    denied: [],
    stillDenied: { flows: 1 },
  });
  const letIn = webToDb(1, { node: "n2", count: 2 });
  expect(replayed([web, db, onlyWeb], out, refused, letIn).denied.map(({ flows }) => flows)).toEqual([1]);
  // The source's own node refused to let it out: nobody else saw that, and what it let out at another time passed.
  const kept = webToDb(1, { node: "n1", verdict: "denied", denied: { ...denied, direction: "Egress" } });
  expect(replayed([web, db, onlyWeb], out, kept).denied.map(({ flows }) => flows)).toEqual([1]);
});

const deployment = (name: string, replicas = 2): Pod =>
  pod(`shop/${name}`, { app: name }, [], { workload: { kind: "Deployment", name, replicas } });

test("manifests: pods are found by their workload, and have the addresses that were recorded", () => {
  const records = [
    record(end("10.0.0.1", "shop/a-x", "Deployment/a"), end("10.0.0.2", "shop/b-x", "Deployment/b"), 80),
    record(end("10.0.0.1", "shop/a-x", "Deployment/a"), end("10.0.0.3", "shop/a-y", "Deployment/a"), 81),
    record(end("10.0.0.1", "shop/a-x", "Deployment/a"), end("10.0.0.1", "shop/a-x", "Deployment/a"), 82),
  ];
  const byAddress = policy("shop/p", everything, {
    ingress: [
      rule(
        [
          {
            kind: "ipBlock",
            cidr: { family: 4, prefix: 32, first: 167772161n, last: 167772161n, text: "10.0.0.1/32" },
            except: [],
          },
        ],
        [tcp(80)],
      ),
    ],
  });
  const found = replayed([deployment("a"), deployment("b"), byAddress], ...records);
  // To itself a pod may always connect; another replica is not itself.
  expect(found.stillAllowed.flows).toBe(2);
  expect(found.denied.map(({ port }) => port)).toEqual([81]);
});

test.each<[string, readonly ClusterObject[], FlowRecord, string]>([
  [
    "a pod that is nowhere",
    [web],
    record(end("10.0.0.1", "shop/web-1"), end("10.0.0.9", "shop/old"), 80),
    "there is no pod shop/old",
  ],
  [
    "nor its workload",
    [web],
    record(end("10.0.0.9", "shop/old", "Deployment/old"), end("10.0.0.1", "shop/web-1"), 80),
    "there is no pod shop/old and no Deployment/old",
  ],
  [
    "two strangers",
    [web],
    record(end("192.0.2.1"), end("192.0.2.2"), 80),
    "neither end is a pod of this cluster",
  ],
  [
    "a drop of a pod that was not programmed yet",
    [web, db],
    webToDb(80, {
      verdict: "denied",
      denied: { direction: "Ingress", policies: [], reason: "unprogrammed" },
    }),
    "dropped before its pod was programmed, whatever its policies",
  ],
])("not judged, and said so: %s", (_, objects, one, because) => {
  expect(replayed(objects, one).notJudged).toEqual([{ because, flows: 1, connections: 1 }]);
});

test("a node reaches its own pods, wherever they are by now; another node is an address", () => {
  const denyAll = policy("shop/deny", everything, { ingress: [] });
  const from = (name: string) =>
    record({ address: "10.1.0.1", node: name }, end("10.0.0.1", "shop/web-1"), 80);
  const found = replayed([web, denyAll, node("n2", ["10.1.0.1"])], from("n1"), from("n2"));
  expect(found.stillAllowed.flows).toBe(1);
  expect(found.denied.map(({ source }) => source)).toEqual([{ node: "n2" }]);
});

test("packets to where a pod used to be are meant for it", () => {
  const formerly = [{ namespace: "shop", name: "db-0" }];
  const stale = record(end("10.0.0.1", "shop/web-1"), { address: "10.0.0.99", formerly }, 1);
  expect(replayed([web, db, onlyWeb], stale).denied.map(({ destination }) => destination)).toEqual([
    { namespace: "shop", workload: "StatefulSet/db" },
  ]);
});

test("a StatefulSet's pod that is gone has its own name as a label, not that of the one that is there", () => {
  const podName = "statefulset.kubernetes.io/pod-name";
  const there = { ...db, labels: { app: "db", [podName]: "db-0" } };
  const onlyFirst = policy("shop/web", labelled({ app: "web" }), {
    egress: [rule([pods({ [podName]: "db-0" })])],
  });
  const to = (name: string) =>
    record(end("10.0.0.1", "shop/web-1"), end("10.0.0.77", `shop/${name}`, "StatefulSet/db"), 1);
  const found = replayed([web, there, onlyFirst], to("db-0"), to("db-1"));
  expect([found.stillAllowed.flows, found.denied.map(({ flows }) => flows)]).toEqual([1, [1]]);
});

test("a pod that has finished, or was made again elsewhere, is judged by what it is", () => {
  const done = pod("shop/job-1-x", { app: "web" }, ["10.0.0.7"], {
    phase: "Succeeded",
    owner: { kind: "Job", name: "job-29384756" },
  });
  const toDb = (source: FlowRecord["source"]) => record(source, end("10.0.0.2", "shop/db-0"), 1);
  const objects = [{ ...web, addresses: db.addresses.slice(0, 0) }, db, done, onlyWeb];
  const found = replayed(
    objects,
    toDb(end("10.0.0.7", "shop/job-1-x", "Job/job-29384756")),
    toDb(end("10.0.0.8", "shop/job-0-y", "Job/job-29384700")),
    toDb(end("10.0.0.9", "shop/web-1")),
  );
  expect(found.denied.map(({ flows, denied }) => [flows, denied[0]?.nearest])).toEqual(
    [2, 1].map((flows) => [flows, "ingress[0] of shop/db: matches the peer but only port TCP 5432"]),
  );
});

test("in the cluster that the flows were recorded in, exactly what the oracle denies would be denied", () => {
  const seed = printedSeed("replay");
  fc.assert(
    fc.property(randomCluster, randomProbes, (world, probes) => {
      const cluster = clusterOf(...world.objects);
      for (const flow of flowsOf(world, probes)) {
        const { source, destination } = cluster.resolve(flow);
        if (source.address === undefined || destination.address === undefined) continue;
        const recordedEnd = ({ pod: known, address }: typeof source) =>
          end(address!.text, known && `${known.namespace}/${known.name}`, undefined);
        // A workload is found by its workload's name, which one of its pods does not have here.
        if (
          [source, destination].some(
            ({ pod: known }) => known?.workload || known?.phase === "Succeeded" || known?.phase === "Failed",
          )
        )
          continue;
        const port = flow.protocol === "ICMP" ? 0 : flow.port;
        const one = record(recordedEnd(source), recordedEnd(destination), port, { protocol: flow.protocol });
        const found = replay(cluster, [one]);
        if (found.notJudged.length > 0) continue;
        expect(found.denied.length).toBe(oracle(world, { ...flow, source, destination }) ? 0 : 1);
      }
    }),
    { seed, numRuns: 40 },
  );
});
