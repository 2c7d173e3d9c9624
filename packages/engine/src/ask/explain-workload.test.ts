import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cluster } from "../cluster/cluster.ts";
import {
  clusterOf,
  everything,
  labelled,
  named,
  pod,
  pods,
  policy,
  rule,
  service,
  tcp,
} from "../cluster/objects.testing.ts";
import { isFinished } from "../cluster/pod-entry.ts";
import type { Pod } from "../model/objects.ts";
import { PortSet } from "../net/port-set.ts";
import type { ListedPeer } from "../reach/listed-peer.ts";
import { printedSeed } from "../seed.testing.ts";
import { randomCluster } from "../verdict/random-cluster.testing.ts";
import { type DirectionExplanation, explainWorkloads } from "./explain-workload.ts";
import { PodLister } from "./pod-lister.ts";

const seed = printedSeed("explain");

const everybodyIn = (cluster: Cluster, byPod = false) => ({
  cluster,
  reach: cluster.reachability(),
  lister: new PodLister(cluster, byPod),
});

const has = (peer: ListedPeer, one: Pod): boolean => peer.kind === "pods" && peer.pods.includes(one);
const isOne = ({ workload, addresses }: Pod): boolean =>
  workload === undefined || workload.replicas === 1 || addresses.length > 0;

test("every statement is the evaluator's own verdict, and nobody is left out", () => {
  let statements = 0;
  fc.assert(
    fc.property(randomCluster, ({ objects }) => {
      const cluster = clusterOf(...objects);
      const explained = [...explainWorkloads(everybodyIn(cluster, true))];
      const living = cluster.pods().filter((one) => !isFinished(one));
      expect(explained.flatMap(({ peer }) => peer.pods).length).toBe(living.length);
      for (const { peer, ingress, egress } of explained) {
        const own = peer.pods[0]!;
        for (const side of [ingress, egress]) {
          for (const { verdict } of [...admissionsOf(side), ...side.denied]) {
            statements++;
            expect(verdict).toEqual(cluster.evaluate(verdict.flow));
          }
          for (const { verdict } of side.denied) expect(verdict.allowed).toBe(false);
          for (const other of living) {
            if (other === own && isOne(own)) continue;
            const [source, destination] = side === ingress ? [other, own] : [own, other];
            const told = admissionsOf(side)
              .filter((each) => has(each.subject, own) && has(each.peer, other))
              .reduce((all, { ports }) => all.union(ports), PortSet.none);
            expect(told.key).toBe(cluster.allowedPorts({ pod: source }, { pod: destination }).key);
            // What a node may reach of a workload's pods is told of the pods in question.
            if (peer.pods.length > 1) continue;
            expect(side.denied.some(({ peers }) => peers.some((each) => has(each, other)))).toBe(
              told.isEmpty,
            );
          }
        }
      }
    }),
    { seed, numRuns: 80 },
  );
  expect(statements).toBeGreaterThan(500);
});

const admissionsOf = ({ rules, free }: DirectionExplanation) => [
  ...rules.flatMap((each) => each.admissions),
  ...free,
];

test("policies, rules and whom they let pass; who denies; Services and their ports", () => {
  const cluster = clusterOf(
    pod("a/web", { app: "web" }, ["10.0.0.1"], { ports: [named("http", 8080)] }),
    pod("a/api", { app: "api" }, ["10.0.0.2"]),
    pod("a/mute", { app: "mute" }, ["10.0.0.3"]),
    pod("b/other", {}, ["10.0.0.4"]),
    service("a/web", {
      selector: { app: "web" },
      ports: [
        { protocol: "TCP", port: 80, targetPort: "http" },
        { protocol: "TCP", port: 81, targetPort: "https" },
      ],
    }),
    service("a/else", { selector: { app: "api" }, ports: [{ protocol: "TCP", port: 80, targetPort: 80 }] }),
    policy("a/deny", everything, { ingress: [] }),
    policy("a/web", labelled({ app: "web" }), {
      ingress: [rule([pods({ app: "api" })], [tcp("http")]), rule([pods({ app: "none" })])],
    }),
    policy("a/mute", labelled({ app: "mute" }), { egress: [] }),
  );
  const [web] = [...explainWorkloads(everybodyIn(cluster), ({ name }) => name === "web")];
  const { ingress, egress, services, ports } = web!;
  const names = (peers: readonly ListedPeer[]) =>
    peers.map((peer) => (peer.kind === "pods" ? peer.name : "outside"));
  expect(ports).toEqual([named("http", 8080)]);
  expect(ingress.isolatedBy.map(({ name }) => name)).toEqual(["deny", "web"]);
  expect(ingress.rules.map((each) => names(each.admissions.map(({ peer }) => peer)))).toEqual([["api"], []]);
  expect(ingress.free).toEqual([]);
  expect(ingress.denied.map(({ by, peers }) => [by, names(peers)])).toEqual([
    ["both", ["mute"]],
    ["own", ["other", "outside"]],
  ]);
  expect(egress.isolatedBy).toEqual([]);
  expect(names(egress.free.map(({ peer }) => peer))).toEqual(["other", "outside"]);
  expect(egress.denied.map(({ by, peers }) => [by, names(peers)])).toEqual([["other", ["api", "mute"]]]);
  expect(
    services.map(({ service: { name }, port, target, peers }) => [name, port.port, target, names(peers)]),
  ).toEqual([
    ["web", 80, 8080, ["api"]],
    ["web", 81, undefined, []],
  ]);
});
