import fc from "fast-check";
import { expect, test } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import { reachDiffText } from "../report/diff/reach-diff-text.ts";
import { flowsOf, randomCluster, randomProbes } from "../verdict/random-cluster.testing.ts";
import { type ReachPeer, reachDiff } from "./reach-diff.ts";

const pods = ["a", "b", "c"]
  .map(
    (name) =>
      `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: x, labels: {app: ${name}}}, spec: {containers: [{name: m, image: i}]}}`,
  )
  .join("\n---\n");

function cluster(...documents: readonly string[]): Cluster {
  const { objects, diagnostics } = readManifest([pods, ...documents].join("\n---\n"), "all.yaml");
  expect(diagnostics).toEqual([]);
  const made = new Cluster();
  for (const object of objects) made.upsert(object);
  return made;
}

const policy = (name: string, spec: string): string =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${name}, namespace: x}, spec: ${spec}}`;
const denyIngress = policy("deny", "{podSelector: {}}");

test("a default-deny closes everything but a pod to itself", () => {
  expect(reachDiffText(reachDiff(cluster(), cluster(denyIngress)))).toBe(
    "- anyone → x/a, x/b and x/c: all ports\n",
  );
});

test("a rule opens one way and one port", () => {
  const open = policy(
    "open",
    "{podSelector: {matchLabels: {app: b}}, ingress: [{from: [{podSelector: {matchLabels: {app: a}}}], ports: [{port: 80}, {protocol: UDP, port: 53}]}]}",
  );
  expect(reachDiffText(reachDiff(cluster(denyIngress), cluster(denyIngress, open)))).toBe(
    "+ x/a → x/b: TCP 80 UDP 53\n",
  );
});

test("an ipBlock opens its addresses alone, and what was cut is one range when it changes alike", () => {
  const open = policy(
    "open",
    "{podSelector: {matchLabels: {app: b}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}",
  );
  const text = reachDiffText(reachDiff(cluster(denyIngress), cluster(denyIngress, open)));
  expect(text).toMatch(/^\+ outside \(10\.0\.0\.0\/16, 10\.2\.0\.0\/15, .*\) → x\/b: all ports\n$/);
  expect(text).not.toContain("10.1.0.0");
  expect(text).not.toContain("10.0.0.0/8");
});

test("new pods and pods that are gone are named", () => {
  const more =
    "{apiVersion: v1, kind: Pod, metadata: {name: d, namespace: x}, spec: {containers: [{name: m, image: i}]}}";
  expect(reachDiffText(reachDiff(cluster(), cluster(more)))).toBe("new x/d\n");
  expect(reachDiffText(reachDiff(cluster(more), cluster()))).toBe("gone x/d\n");
  expect(reachDiffText(reachDiff(cluster(), cluster()))).toBe("");
});

test("on random clusters every flow between common peers changes exactly as the diff says", () => {
  const seed = Number(process.env.PORTCULLIS_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`reach diff: PORTCULLIS_SEED=${seed}`);
  let [asked, changed] = [0, 0];
  fc.assert(
    fc.property(randomCluster, randomCluster, randomProbes, (one, two, probes) => {
      const [before, after] = [new Cluster(), new Cluster()];
      // The same pods and namespaces, other policies.
      for (const object of one.objects) {
        before.upsert(object);
        if (object.kind !== "NetworkPolicy") after.upsert(object);
      }
      for (const object of two.objects) if (object.kind === "NetworkPolicy") after.upsert(object);
      const { changes, added, removed } = reachDiff(before, after);
      expect([...added, ...removed]).toEqual([]);
      for (const flow of flowsOf(one, probes)) {
        const { source, destination } = flow;
        if (source.pod === undefined || destination.pod === undefined) continue;
        // A flow by addresses of the asker's choice is another question than one between pods.
        if (source.address !== undefined || destination.address !== undefined) continue;
        const is = (peer: ReachPeer, pod: object) =>
          peer.kind === "pod" &&
          peer.pod.name === (pod as typeof peer.pod).name &&
          peer.pod.namespace === (pod as typeof peer.pod).namespace &&
          peer.pod.workload?.kind === (pod as typeof peer.pod).workload?.kind;
        const change = changes.find(
          (each) => is(each.source, source.pod!) && is(each.destination, destination.pod!),
        );
        asked++;
        if (change !== undefined) changed++;
        const [was, now] = [before.allows(flow), after.allows(flow)];
        expect(change?.opened.has(flow.protocol, flow.port) ?? false).toBe(!was && now);
        expect(change?.closed.has(flow.protocol, flow.port) ?? false).toBe(was && !now);
      }
    }),
    { seed, numRuns: 100 },
  );
  expect(asked).toBeGreaterThan(500);
  expect(changed / asked).toBeGreaterThan(0.05);
});
