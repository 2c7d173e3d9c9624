import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import type { Cluster } from "../../cluster/cluster.ts";
import { clusterOf } from "../../cluster/objects.testing.ts";
import { readManifest } from "../../manifest/read-manifest.ts";
import type { NetworkPolicy, Peer, PolicyPort, PolicyRule } from "../../model/network-policy.ts";
import { cidrWithin } from "../../net/cidr.ts";
import { printedSeed } from "../../seed.testing.ts";
import { randomCluster } from "../../verdict/random-cluster.testing.ts";
import type { Endpoint } from "../../verdict/verdict.ts";
import { lint } from "../lint.ts";
import { applyFixes } from "./apply-edits.ts";

function written(policy: NetworkPolicy, withAliases: boolean): string {
  const { namespace, name, podSelector, policyTypes, ingress, egress } = policy;
  const object = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: {
      podSelector,
      policyTypes,
      ingress: ingress.map((rule) => writtenRule(rule, "from")),
      egress: egress.map((rule) => writtenRule(rule, "to")),
    },
  };
  return stringify(object, { version: "1.1", aliasDuplicateObjects: withAliases });
}

function writtenRule({ peers, ports }: PolicyRule, side: "from" | "to") {
  return {
    [side]: peers.map(writtenPeer),
    ports: ports.map(({ protocol, port, endPort }: PolicyPort) => ({ protocol, port, endPort })),
  };
}

function writtenPeer(peer: Peer) {
  if (peer.kind === "pods")
    return { podSelector: peer.podSelector, namespaceSelector: peer.namespaceSelector };
  const { cidr, except } = peer;
  // The API takes narrower prefixes only.
  const holes = except.filter((hole) => cidrWithin(hole, cidr) && hole.prefix > cidr.prefix);
  return { ipBlock: { cidr: cidr.text, except: holes.map(({ text }) => text) } };
}

const style = fc.constantFrom("plain", "plain", "CRLF", "aliases");

test("fixes that are called safe change nothing that is allowed, on random policies", () => {
  const seed = printedSeed("safe fixes");
  let fixes = 0;
  fc.assert(
    fc.property(randomCluster, style, ({ objects, policies, outside }, how) => {
      const rest = objects.filter(({ kind }) => kind !== "NetworkPolicy");
      const plain = policies.map((policy) => written(policy, how === "aliases")).join("---\n");
      const text = how === "CRLF" ? plain.replaceAll("\n", "\r\n") : plain;
      const read = readManifest(text, "a.yaml");
      expect(read.diagnostics).toEqual([]);
      const before = clusterOf(...rest, ...read.objects);
      const manifests = { ...read, texts: new Map([["a.yaml", text]]) };
      const safe = lint(before, { manifests }).filter(({ fix }) => fix?.safe);
      const fixed = applyFixes("a.yaml", text, safe);
      fixes += fixed.applied.length;
      const again = readManifest(fixed.text, "a.yaml");
      expect(again.diagnostics).toEqual([]);
      expect(again.objects).toHaveLength(policies.length);
      const after = clusterOf(...rest, ...again.objects);
      const ends: Endpoint[] = [
        ...before.pods().map((pod) => ({ pod })),
        ...outside.map((address) => ({ address })),
      ];
      const meaning = (cluster: Cluster) =>
        ends.flatMap((source) => ends.map((destination) => cluster.allowedPorts(source, destination).key));
      expect(meaning(after)).toEqual(meaning(before));
    }),
    { seed, numRuns: 60 },
  );
  expect(fixes).toBeGreaterThan(1);
});
