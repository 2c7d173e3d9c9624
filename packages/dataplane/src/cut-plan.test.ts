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

/** One pod, which `allowed` may reach on port 80. */
function programOf(allowed: readonly string[]): Program {
  const cluster = new Cluster();
  const items = [
    "{apiVersion: v1, kind: Node, metadata: {name: node}, status: {addresses: [{type: InternalIP, address: 10.245.0.1}]}}",
    `{apiVersion: v1, kind: Pod, metadata: {name: server}, spec: {nodeName: node, containers: [{name: c, image: x}]}, status: {podIPs: [{ip: ${server.text}}]}}`,
    `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 10.200.0.0/16}}, ${allowed.map((each) => `{ipBlock: {cidr: ${each}/32}}`).join()}], ports: [{port: 80}]}]}}`,
  ];
  const { objects, diagnostics } = readManifest(items.join("\n---\n"), "test.yaml");
  expect(diagnostics).toEqual([]);
  for (const object of objects) cluster.upsert(object);
  return cluster.program(() => true);
}

function to(source: string, port = 80): Connection {
  return { protocol: "TCP", source: address(source), destination: server, port };
}

const text = ({ source, port }: Connection): string => `${source.text} ${port}`;
