import fc from "fast-check";
import { expect, test } from "vitest";
import { PodLister } from "../../ask/pod-lister.ts";
import { whoCanBeReachedFrom, whoCanReach } from "../../ask/who-can.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { clusterOf, everything, pod, policy, rule } from "../../cluster/objects.testing.ts";
import { PortSet } from "../../net/port-set.ts";
import { printedSeed } from "../../seed.testing.ts";
import { randomCluster } from "../../verdict/random-cluster.testing.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { portSetText } from "../port-set-text.ts";
import { tableCsv, tableMarkdown, tableText } from "../text/table.ts";
import { type WhoCanJson, whoCanJson } from "./who-can-json.ts";
import { type WhoCan, whoCanTable, whoCanText } from "./who-can-text.ts";

const seed = printedSeed("who can, formats");

function answersIn(cluster: Cluster): readonly WhoCan[] {
  const everybody = { cluster, reach: cluster.reachability(), lister: new PodLister(cluster, false) };
  return cluster.pods().flatMap((each): WhoCan[] => {
    const end = { endpoint: { pod: each } };
    return [
      {
        direction: "Ingress",
        asked: each.name,
        admissions: whoCanReach(everybody, [{ ...end, ports: PortSet.all }]),
      },
      { direction: "Egress", asked: each.name, admissions: whoCanBeReachedFrom(everybody, [end]) },
    ];
  });
}

const sorted = (lines: readonly string[]): readonly string[] => [...lines].sort();

test("every format tells the same connections", () => {
  let lines = 0;
  fc.assert(
    fc.property(randomCluster, ({ objects }) => {
      const cluster = clusterOf(...objects);
      for (const answer of answersIn(cluster)) {
        const { direction, admissions } = answer;
        const pair = (subject: string, peer: string) =>
          direction === "Ingress" ? [peer, subject] : [subject, peer];
        const expected = sorted(
          admissions.map(({ subject, peer, ports }) =>
            [...pair(listedPeerText(subject), listedPeerText(peer)), portSetText(ports)].join(" | "),
          ),
        );
        const table = whoCanTable(answer);
        lines += table.rows.length;
        expect(sorted(table.rows.map((row) => row.slice(0, 3).join(" | ")))).toEqual(expected);
        const csv = tableCsv(table).trimEnd().split("\n").slice(1);
        expect(csv.map(csvCells)).toEqual(table.rows.map((row) => [...row]));
        const markdown = tableMarkdown(table).trimEnd().split("\n").slice(2);
        expect(markdown.map((line) => line.slice(2, -2).replaceAll("\\", "").split(" | "))).toEqual(
          table.rows.map((row) => [...row]),
        );
        const columns = tableText(table).trimEnd().split("\n").slice(1);
        expect(columns.map((line) => line.split(/ {3,}/))).toEqual(table.rows.map((row) => [...row]));
        const json = JSON.parse(JSON.stringify(whoCanJson(answer))) as WhoCanJson;
        expect(json.connections).toHaveLength(admissions.length);
        const text = whoCanText(answer)
          .split("\n")
          .filter((line) => line.startsWith("  "));
        expect(sorted(text.map((line) => line.trim().split(/ {3,}/).join(" | ")))).toEqual(
          sorted(admissions.map(({ peer, ports }) => `${listedPeerText(peer)} | ${portSetText(ports)}`)),
        );
      }
    }),
    { seed, numRuns: 60 },
  );
  expect(lines).toBeGreaterThan(300);
});

/** Cells of a line without line breaks (RFC 4180). */
function csvCells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
  );
}

test("names made of markup, and of control characters, are harmless", () => {
  const evil = '<img src=x>|`"\u001b[31m';
  const cluster = clusterOf(
    pod(`a/${evil}`, {}, ["10.0.0.1"]),
    pod("a/b", {}, ["10.0.0.2"]),
    policy(`a/${evil}`, everything, { ingress: [rule([])] }),
  );
  for (const answer of answersIn(cluster)) {
    const table = whoCanTable(answer);
    expect(tableText(table) + whoCanText(answer)).not.toContain("\u001b");
    const markdown = tableMarkdown(table);
    expect(markdown).not.toMatch(/<|[^\\]`/);
    expect(markdown).not.toContain("\u001b");
    for (const line of markdown.trimEnd().split("\n")) expect(line.split(/(?<!\\)\|/)).toHaveLength(7);
  }
});

test("nobody is said, and so is why everybody may", () => {
  const closed = clusterOf(
    pod("a/x", {}, ["10.0.0.1"]),
    pod("a/y", {}, ["10.0.0.2"]),
    policy("a/deny", everything, { ingress: [] }),
  );
  expect(whoCanText(answersIn(closed)[0]!)).toBe("Nobody can reach x.\n");
  const open = clusterOf(pod("a/x", {}, ["10.0.0.1"]));
  expect(whoCanText(answersIn(open)[0]!)).toBe(
    "Addresses outside can reach x.\n\nNo policy isolates a/x for ingress:\n  outside   all ports\n",
  );
});
