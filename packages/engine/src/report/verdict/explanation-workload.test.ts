import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explainWorkloads, type WorkloadExplanation } from "../../ask/explain-workload.ts";
import { PodLister } from "../../ask/pod-lister.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import {
  block,
  clusterOf,
  everything,
  labelled,
  named,
  namespaces,
  pod,
  pods,
  policy,
  rule,
  service,
  tcp,
} from "../../cluster/objects.testing.ts";
import { printedSeed } from "../../seed.testing.ts";
import { randomCluster } from "../../verdict/random-cluster.testing.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { portSetText } from "../port-set-text.ts";
import { workloadJson } from "./explanation-workload-json.ts";
import { workloadMarkdown, workloadText } from "./explanation-workload-text.ts";

const seed = printedSeed("explanation of workloads");

function explain(cluster: Cluster): readonly WorkloadExplanation[] {
  return [
    ...explainWorkloads({ cluster, reach: cluster.reachability(), lister: new PodLister(cluster, false) }),
  ];
}

const unescaped = (markdown: string): string => markdown.replace(/\\(.)/g, "$1");

test("text, Markdown and JSON tell the same of everybody", () => {
  let told = 0;
  fc.assert(
    fc.property(randomCluster, ({ objects }) => {
      const cluster = clusterOf(...objects);
      for (const explained of explain(cluster)) {
        const sides = [explained.ingress, explained.egress];
        const passing = sides.flatMap(({ rules, free }) => [
          ...rules.flatMap(({ admissions }) => admissions),
          ...free,
        ]);
        const rows = passing.map(({ peer, ports, verdict }) => {
          const node = verdict.ingress.reason === "node" ? " (as its own node)" : "";
          return [listedPeerText(peer), `${portSetText(ports)}${node}`] as const;
        });
        const denied = sides.flatMap((side) => side.denied);
        told += rows.length;
        const text = workloadText(explained).split("\n");
        const markdown = unescaped(workloadMarkdown(explained)).split("\n");
        for (const [peer, ports] of rows) {
          const times = rows.filter((row) => row[0] === peer && row[1] === ports).length;
          const inText = text
            .map((line) => line.trim().replace(/ {3,}/, "\0"))
            .filter((line) => line === `${peer}\0${ports}`);
          // Parts of a workload for which the same is true share a line.
          expect(inText.length).toBeGreaterThan(0);
          expect(inText.length).toBeLessThanOrEqual(times);
          expect(markdown.filter((line) => line === `- ${peer}: ${ports}`)).toHaveLength(inText.length);
        }
        const json = workloadJson(explained);
        const inJson = [json.ingress, json.egress].flatMap(({ rules, withoutRule }) => [
          ...rules.flatMap(({ allows }) => allows),
          ...withoutRule,
        ]);
        expect(inJson).toHaveLength(rows.length);
        expect([...json.ingress.denied, ...json.egress.denied]).toHaveLength(denied.length);
        for (const { peers } of denied)
          for (const peer of peers) expect(text.join("\n")).toContain(listedPeerText(peer));
      }
    }),
    { seed, numRuns: 60 },
  );
  expect(told).toBeGreaterThan(200);
});

describe("words", () => {
  const cluster = clusterOf(
    pod("a/web", { app: "web" }, ["10.0.0.1"], {
      ports: [named("http", 8080), { port: 9, protocol: "UDP" }],
    }),
    pod("a/api", { app: "api" }, ["10.0.0.2"]),
    pod("a/host", {}, ["10.1.0.1"], { hostNetwork: true }),
    service("a/web", {
      selector: { app: "web" },
      ports: [{ name: "main", protocol: "TCP", port: 80, targetPort: "http" }],
    }),
    service("a/odd", {
      selector: { app: "web" },
      ports: [{ protocol: "TCP", port: 80, targetPort: "none" }],
    }),
    policy("a/web", labelled({ app: "web" }), {
      ingress: [rule([pods({ app: "api" })], [tcp("http"), tcp("none")])],
    }),
    policy("a/api", labelled({ app: "api" }), { ingress: [] }),
    policy("a/all", everything, { ingress: [rule([pods({ app: "nobody" })])] }),
  );
  const text = (name: string) => workloadText(explain(cluster).find(({ peer }) => peer.name === name)!);

  test("a workload's ports, the rules with their names resolved, and its Services", () => {
    expect(text("web")).toContain("Ports: UDP 9, http = TCP 8080.\n");
    expect(text("web")).toContain(
      'lets in pods with app=api in namespace a, port TCP "http" (8080), port TCP "none" (which it does not have):\n      a/api   TCP 8080\n',
    );
    expect(text("web")).toContain("a/web:80 (main)   → TCP 8080, which a/api may reach\n");
    expect(text("web")).toContain('a/odd:80          leads nowhere: it has no port named "none"\n');
    expect(text("web")).toContain("Nobody who is there now");
    expect(text("web")).toContain("for the kubelet's probes");
  });

  test("who denies: the workload's own policies, the other side's, or both", () => {
    expect(text("web")).toMatch(
      /Egress: not isolated\n.*\n.*\n {4}Allowed:\n {6}a\/host {4}all ports\n {6}outside {3}all ports\n {4}Denied:\n {6}a\/api {3}its own side: a\/all and a\/api do not let it in\n/,
    );
    expect(text("api")).toMatch(/Denied:\n {6}a\/host, a\/web, outside {3}no ingress rule matches\n/);
  });

  test("pods stand before addresses outside, also where a namespace is named like the beginning of one", () => {
    const ends = [pod("db/one", {}, ["10.0.0.1"]), pod("db/two", {}, ["10.0.0.2"])];
    const policies = [
      policy("db/out", everything, { egress: [rule([namespaces({}), block("192.0.2.0/24")])] }),
      policy("db/in", everything, { ingress: [rule([])] }),
    ];
    const [one] = explain(clusterOf(...ends, ...policies));
    expect(workloadText(one!)).toMatch(/any port:\n +db\/two +all ports\n +192\.0\.2\.0\/24 +all ports\n/);
  });

  test("a pod on its node's network", () => {
    expect(text("host")).toContain("policies neither select it nor find it by its labels");
  });
});
