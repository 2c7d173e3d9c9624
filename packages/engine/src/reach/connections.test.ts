import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Cluster } from "../cluster/cluster.ts";
import { clusterOf } from "../cluster/objects.testing.ts";
import { objectFromApi } from "../manifest/object-from-api.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import { PortSet } from "../net/port-set.ts";
import { portSetText } from "../report/port-set-text.ts";
import { printedSeed } from "../seed.testing.ts";
import { randomCluster } from "../verdict/random-cluster.testing.ts";
import { type ConnectionOptions, connections } from "./connections.ts";
import type { ListedPeer } from "./listed-peer.ts";

function clusterFrom(text: string): Cluster {
  const { objects, diagnostics } = readManifest(text, "a.yaml");
  expect(diagnostics).toEqual([]);
  return clusterOf(...objects);
}

const name = (peer: ListedPeer): string =>
  peer.kind === "outside"
    ? `outside ${peer.cidrs.map(({ text }) => text).join()}`
    : `${peer.workload}/${peer.name}${peer.whole ? "" : ` (${peer.pods.map((pod) => pod.name).join()})`}`;

function listed(cluster: Cluster, options?: ConnectionOptions): string[] {
  return [...connections(cluster.reachability(), options)].map(
    ({ source, destination, ports }) => `${name(source)} → ${name(destination)}: ${portSetText(ports)}`,
  );
}

const deployment = (app: string, replicas: number) =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${app}}, spec: {replicas: ${replicas}, selector: {matchLabels: {app: ${app}}}, template: {metadata: {labels: {app: ${app}}}, spec: {containers: [{name: c, image: i}]}}}}\n---\n`;
const policy = (spec: string) =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: ${spec}}\n`;

describe("a list", () => {
  test("has workloads among themselves and with the outside; a single pod and itself are no connection", () => {
    expect(listed(clusterFrom(deployment("one", 1) + deployment("two", 2)))).toEqual([
      "Deployment/two → Deployment/one: all ports",
      "outside 0.0.0.0/0,::/0 → Deployment/one: all ports",
      "Deployment/one → Deployment/two: all ports",
      "Deployment/two → Deployment/two: all ports",
      "outside 0.0.0.0/0,::/0 → Deployment/two: all ports",
      "Deployment/one → outside 0.0.0.0/0,::/0: all ports",
      "Deployment/two → outside 0.0.0.0/0,::/0: all ports",
    ]);
  });

  test("of one workload, in one direction, at some ports, or of what is denied", () => {
    const cluster = clusterFrom(
      deployment("one", 1) +
        deployment("two", 1) +
        policy(
          "{podSelector: {matchLabels: {app: one}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}",
        ),
    );
    const focus = ({ name }: { name: string }) => name === "one";
    expect(listed(cluster, { focus, direction: "Ingress" })).toEqual([
      "Deployment/two → Deployment/one: TCP 80",
    ]);
    const within = PortSet.of([{ protocol: "TCP", from: 80, to: 81 }]);
    expect(listed(cluster, { focus, direction: "Ingress", within, denied: true })).toEqual([
      "Deployment/two → Deployment/one: TCP 81",
      "outside 0.0.0.0/0,::/0 → Deployment/one: TCP 80-81",
    ]);
  });

  test("cuts the outside where an ipBlock does, and joins what is alike", () => {
    const cluster = clusterFrom(
      deployment("one", 1) +
        policy(
          "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, {ipBlock: {cidr: 11.0.0.0/8}}]}]}",
        ),
    );
    const [only] = listed(cluster, { direction: "Ingress" });
    expect(only).toMatch(
      /^outside 10\.0\.0\.0\/16,10\.2\.0\.0\/15,.*,11\.0\.0\.0\/8 → Deployment\/one: all ports$/,
    );
  });

  test("splits a workload whose pods policies treat differently, and shows pods one by one when asked", () => {
    const pod = (index: number, colour: string) =>
      objectFromApi({
        apiVersion: "v1",
        kind: "Pod",
        metadata: {
          name: `db-${index}`,
          namespace: "default",
          labels: { app: "db", colour },
          ownerReferences: [
            { apiVersion: "apps/v1", kind: "StatefulSet", name: "db", uid: "u", controller: true },
          ],
        },
        spec: { containers: [] },
        status: { phase: "Running", podIPs: [{ ip: `10.0.0.${index + 1}` }] },
      }).object!;
    const cluster = clusterFrom(policy("{podSelector: {matchLabels: {colour: red}}}"));
    for (const [index, colour] of ["red", "red", "blue"].entries()) cluster.upsert(pod(index, colour));
    const within = PortSet.of([{ protocol: "TCP", from: 80, to: 80 }]);
    const inside = (lines: string[]) => lines.filter((line) => !line.includes("outside"));
    expect(inside(listed(cluster, { within }))).toEqual([
      "StatefulSet/db (db-0,db-1) → StatefulSet/db (db-2): TCP 80",
    ]);
    expect(inside(listed(cluster, { within, byPod: true }))).toEqual([
      "Pod/db-0 → Pod/db-2: TCP 80",
      "Pod/db-1 → Pod/db-2: TCP 80",
    ]);
  });
});

test("pod by pod, a list says what asking for each pair says, and what is denied is the rest", () => {
  const seed = printedSeed("connections");
  let compared = 0;
  fc.assert(
    fc.property(randomCluster, ({ objects }) => {
      const cluster = clusterOf(...objects);
      const reach = cluster.reachability();
      const [allowed, denied] = [false, true].map((each) => [
        ...connections(reach, { byPod: true, denied: each }),
      ]);
      const find = (all: typeof allowed, from: object, to: object) =>
        all!.find(
          ({ source, destination }) =>
            source.kind === "pods" &&
            destination.kind === "pods" &&
            source.pods.includes(from as never) &&
            destination.pods.includes(to as never),
        )?.ports ?? PortSet.none;
      for (const source of cluster.pods()) {
        for (const destination of cluster.pods()) {
          if (source === destination || [source, destination].some((pod) => reach.classOf(pod) === undefined))
            continue;
          const flow = { source: { pod: source }, destination: { pod: destination } };
          if (cluster.evaluate({ ...flow, protocol: "TCP", port: 1 }).ingress.reason === "node") continue;
          const expected = cluster.allowedPorts(flow.source, flow.destination);
          compared++;
          expect(find(allowed, source, destination).key).toBe(expected.key);
          expect(find(denied, source, destination).key).toBe(PortSet.all.subtract(expected).key);
        }
      }
    }),
    { seed, numRuns: 500 },
  );
  expect(compared).toBeGreaterThan(1_000);
});
