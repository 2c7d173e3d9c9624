import { Cluster, cidrContains, judge, type Program, parseAddress, readManifest } from "@portcullis/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Connection, packetOf } from "./connection.ts";
import { planCut } from "./cut-plan.ts";

const seed = Number(process.env.PORTCULLIS_SEED ?? 20_261_123);

const address = (text: string) => parseAddress(text)!;
const server = address("10.1.0.1");

test("a thousand sources that are denied are a few ranges, none of which holds one that is allowed", () => {
  const friends = Array.from({ length: 8 }, (_, i) => `10.1.${i}.77`);
  const program = programOf(friends);
  const open = Array.from({ length: 1_000 }, (_, i) => to(`10.1.${i >> 7}.${i & 127}`));
  const cuts = planCut(program, open, new Set());
  expect(cuts.length).toBeLessThan(100);
});

test(`what is cut is what is denied, and no range holds what is allowed (seed ${seed})`, () => {
  const byte = fc.integer({ min: 0, max: 40 });
  const addresses = fc.uniqueArray(
    fc.tuple(byte, byte).map(([a, b]) => `10.${a}.0.${b}`),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(addresses, addresses, (allowed, sources) => {
      const program = programOf(allowed);
      const open = [
        ...sources.map((source) => to(source)),
        to("10.1.0.1"),
        to("10.245.0.1"),
        to("10.3.3.3", 81),
      ];
      const cuts = planCut(program, open, new Set());
      const denied = open.filter((connection) => !judge(program, packetOf(connection)).allowed);
      expect(
        cuts
          .flatMap((cut) => cut.connections)
          .map(text)
          .sort(),
      ).toEqual(denied.map(text).sort());
      for (const { range } of cuts) {
        for (const source of [...allowed, "10.1.0.1", "10.245.0.1"])
          if (range.port === 80) expect(cidrContains(range.source!, address(source))).toBe(false);
      }
    }),
    { seed, numRuns: 100 },
  );
});

test("of an address that is gone everything goes, with one pattern a side", () => {
  const gone = address("10.1.9.9");
  const open = [
    { ...to("10.1.9.9"), port: 1 },
    { ...to("10.1.9.9"), port: 2 },
    { ...to("10.9.9.9"), destination: gone },
    { ...to("10.9.9.8"), destination: gone },
  ];
  const cuts = planCut(programOf([]), open, new Set(["10.1.9.9"]));
  expect(cuts.map(({ range }) => [range.source?.text, range.destination?.text, range.port])).toEqual([
    ["10.1.9.9/32", undefined, undefined],
    [undefined, "10.1.9.9", undefined],
  ]);
});

test("no range holds a pod that a selector lets in", () => {
  const friends = Array.from({ length: 8 }, (_, i) => `10.1.${i}.77`);
  const program = compile([
    serverPod,
    ...friends.map((ip, i) => podOf(`friend-${i}`, ip, "friend")),
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {matchLabels: {app: server}}, ingress: [{from: [{podSelector: {matchLabels: {app: friend}}}], ports: [{port: 80}]}]}}",
  ]);
  const open = Array.from({ length: 1_000 }, (_, i) => to(`10.1.${i >> 7}.${128 + (i & 127)}`));
  const cuts = planCut(program, [...open, ...friends.map((friend) => to(friend))], new Set());
  expect(cuts.flatMap((cut) => cut.connections)).toHaveLength(open.length);
  expect(cuts.length).toBeLessThan(100);
  for (const { range } of cuts) {
    for (const friend of friends) expect(cidrContains(range.source!, address(friend))).toBe(false);
  }
});

test("what a pod may not send any more is cut one by one: its other connections may have to stay", () => {
  const program = compile([
    serverPod,
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.200.0.0/16}}]}]}}",
  ]);
  const from = (destination: string, port: number): Connection => ({
    ...{ protocol: "TCP", source: server, destination: address(destination), port },
  });
  const denied = [from("10.9.9.9", 80), from("10.9.9.9", 81), from("10.9.9.8", 80)];
  const cuts = planCut(program, [...denied, from("10.200.0.1", 80)], new Set());
  expect(
    cuts.map(({ range, connections }) => [
      range.source?.text,
      range.destination?.text,
      range.port,
      connections,
    ]),
  ).toEqual(denied.map((one) => ["10.1.0.1/32", one.destination.text, one.port, [one]]));
});

const podOf = (name: string, ip: string, app: string): string =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {app: ${app}}}, spec: {nodeName: node, containers: [{name: c, image: x}]}, status: {podIPs: [{ip: ${ip}}]}}`;
const serverPod = podOf("server", server.text, "server");

/** One pod, which `allowed` may reach on port 80. */
function programOf(allowed: readonly string[]): Program {
  return compile([
    "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {addresses: [{type: InternalIP, address: 10.245.0.1}]}}",
    serverPod,
    `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 10.200.0.0/16}}, ${allowed.map((each) => `{ipBlock: {cidr: ${each}/32}}`).join()}], ports: [{port: 80}]}]}}`,
  ]);
}

function compile(items: readonly string[]): Program {
  const cluster = new Cluster();
  const { objects, diagnostics } = readManifest(items.join("\n---\n"), "test.yaml");
  expect(diagnostics).toEqual([]);
  for (const object of objects) cluster.upsert(object);
  return cluster.program(() => true);
}

function to(source: string, port = 80): Connection {
  return { protocol: "TCP", source: address(source), destination: server, port };
}

const text = ({ source, port }: Connection): string => `${source.text} ${port}`;
