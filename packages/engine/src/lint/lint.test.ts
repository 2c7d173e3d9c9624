import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import { clusterOf } from "../cluster/objects.testing.ts";
import { readManifests } from "../manifest/read-manifest.ts";
import { parseCidr } from "../net/cidr.ts";
import { printedSeed } from "../seed.testing.ts";
import { randomCluster } from "../verdict/random-cluster.testing.ts";
import { applyFixes } from "./fix/apply-edits.ts";
import { type LintOptions, lint } from "./lint.ts";

/** Lint of files, and what it says as `code line: path`. */
function linted(texts: Readonly<Record<string, string>>, options: LintOptions = {}) {
  const files = Object.entries(texts).map(([file, text]) => ({ file, text }));
  const read = readManifests(files);
  const cluster = clusterOf(...read.objects);
  return lint(cluster, { manifests: { ...read, texts: new Map(Object.entries(texts)) }, ...options });
}

function said(text: string, options?: LintOptions): string[] {
  const found = linted({ "a.yaml": text }, options).filter(({ code }) => !code.endsWith("-not-isolated"));
  return found.map(({ code, range, path }) => `${code} ${range?.start.line}: ${path}`);
}

const policy = (spec: string, name = "p") =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n---\n`;
const pod = (name: string, more = "", namespace = "default") =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}, spec: {containers: [{name: c, image: i}]}${more}}\n---\n`;
const closed = (name: string) => policy("{podSelector: {}, policyTypes: [Ingress]}", name);

describe("places", () => {
  test("findings come by file and place, whatever the order of objects", () => {
    const nobody = policy("{podSelector: {matchLabels: {app: nobody}}}");
    const found = linted({ "b.yaml": closed("z") + nobody, "a.yaml": pod("web") });
    expect(found.map(({ code, range }) => `${range!.file}:${range!.start.line} ${code}`)).toEqual([
      "a.yaml:1 egress-not-isolated",
      "b.yaml:9 selects-no-pod",
    ]);
  });

  test("are found in lists and in JSON", () => {
    const item = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "p" },
      spec: { podSelector: { matchLabels: { app: "Web" } } },
    };
    const list = JSON.stringify({
      apiVersion: "v1",
      kind: "List",
      items: [{ ...item, metadata: { name: "q" } }, item],
    });
    const [first, second] = linted({ "a.json": list, "b.yaml": pod("web") }).filter(
      ({ code }) => code === "misspelt-label",
    );
    const at = (found: typeof first) => list.slice(found!.range!.start.offset, found!.range!.end.offset);
    expect([at(first), at(second)]).toEqual(['"Web"', '"Web"']);
    expect(first!.range!.start.offset).toBeLessThan(second!.range!.start.offset);
    const fixed = applyFixes("a.json", list, [first!, second!]);
    expect(JSON.parse(fixed.text).items[1].spec.podSelector.matchLabels).toEqual({ app: "web" });
  });

  test("of objects that were not read from a file are absent, and nothing else changes", () => {
    const { objects } = readManifests([{ file: "a.yaml", text: closed("a") + closed("b") + pod("web") }]);
    const cluster = new Cluster();
    for (const { range: _, ...object } of objects as readonly { range?: unknown }[])
      cluster.upsert(object as never);
    expect(lint(cluster, { only: ["duplicate-policy"] })).toEqual([
      {
        code: "duplicate-policy",
        severity: "warning",
        object: "NetworkPolicy default/b",
        path: "",
        message: "The policy means the same as a.",
      },
    ]);
  });
});

describe("settings", () => {
  const two = closed("a") + closed("b") + pod("web");
  test("change a severity, or leave a rule out", () => {
    expect(linted({ a: two }, { severities: { "duplicate-policy": "error" } })).toContainEqual(
      expect.objectContaining({ code: "duplicate-policy", severity: "error" }),
    );
    expect(said(two, { severities: { "duplicate-policy": "off" } })).toEqual([]);
    expect(said(two, { only: ["selects-no-pod"] })).toEqual([]);
  });

  test("tell of namespaces that are not among the manifests", () => {
    const from = (labels: string) =>
      policy(`{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {${labels}}}}]}]}`) +
      pod("web");
    const byName = from("kubernetes.io/metadata.name: monitoring");
    const byLabel = from("team: ops");
    expect(said(byName)).toEqual(["selects-no-namespace 4: spec.ingress[0].from[0].namespaceSelector"]);
    expect(said(byLabel)).toEqual(["selects-no-namespace 4: spec.ingress[0].from[0].namespaceSelector"]);
    const assumptions = { namespaces: ["monitoring"] };
    expect(said(byName, { assumptions })).toEqual([]);
    expect(said(byLabel, { assumptions })).toEqual([]);
    expect(said(from("kubernetes.io/metadata.name: kube-system"))).toEqual([]);
  });

  test("tell of addresses that pods and Services have", () => {
    const text =
      policy(
        "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 53, protocol: UDP}, {port: 53}]}]}",
      ) + pod("web");
    const assumptions = {
      podCidrs: [parseCidr("10.244.0.0/16")!],
      serviceCidrs: [parseCidr("10.96.0.0/12")!],
    };
    expect(said(text)).toEqual([]);
    expect(said(text, { assumptions })).toEqual([
      "ip-block-covers-pods 4: spec.egress[0].to[0]",
      "ip-block-covers-services 4: spec.egress[0].to[0]",
    ]);
  });
});

describe("comments", () => {
  const [head, tail] = [closed("a"), closed("b") + pod("web")];
  const reason = "-- kept for the audit";
  test("silence what stands on the next line, or on their own", () => {
    expect(said(`${head}# portcullis: ignore duplicate-policy ${reason}\n${tail}`)).toEqual([]);
    expect(said(`${head}# portcullis: ignore duplicate-policy ${reason}\n# more\n\n${tail}`)).toEqual([]);
    const behind = tail.replace("\n", ` # portcullis: ignore duplicate-policy ${reason}\n`);
    expect(said(head + behind)).toEqual([]);
  });

  test("count only with a reason and existing codes, and are told when they do nothing", () => {
    expect(said(`${head}# portcullis: ignore duplicate-policy\n${tail}`)).toEqual([
      "invalid-ignore 6: ",
      "duplicate-policy 7: ",
    ]);
    expect(said(`${head}# portcullis: ignore duplicate-polcy ${reason}\n${tail}`)[0]).toBe(
      "invalid-ignore 6: ",
    );
    expect(said(`# portcullis: ignore duplicate-policy, selects-no-pod ${reason}\n${head}${tail}`)).toEqual([
      "unused-ignore 1: ",
      "unused-ignore 1: ",
      "duplicate-policy 7: ",
    ]);
  });

  test("for rules that were not run are not called unused", () => {
    const text = `# portcullis: ignore selects-no-pod ${reason}\n${head}${pod("web")}`;
    expect(said(text, { severities: { "selects-no-pod": "off" } })).toEqual([]);
    expect(said(text)).toEqual(["unused-ignore 1: "]);
  });
});

describe("a label that is nearly there", () => {
  const from = (peer: string) =>
    policy(`{podSelector: {}, ingress: [{from: [${peer}]}]}`) + pod("web") + pod("api");

  test.each(["Web", "wbe", "webs", "wed"])("%s", (value) => {
    const peer = `{podSelector: {matchLabels: {app: ${value}}}}`;
    const [found] = linted({ a: from(peer) }, { only: ["misspelt-label"] });
    expect(found?.message).toBe(`No pod has app=${value}. Did you mean app=web?`);
    expect(found?.path).toBe("spec.ingress[0].from[0].podSelector.matchLabels.app");
  });

  test("counts even where there may be more pods than we see", () => {
    expect(said(from("{namespaceSelector: {}, podSelector: {matchLabels: {app: Web}}}"))).toEqual([
      "misspelt-label 4: spec.ingress[0].from[0].podSelector.matchLabels.app",
    ]);
    expect(said(from("{namespaceSelector: {}, podSelector: {matchLabels: {app: other}}}"))).toEqual([]);
  });

  test.each([
    ["nO", "no", '"no"'],
    ["8o80", "8080", '"8080"'],
    ["wep", "web", "web"],
  ])("%s: %s is written as text", (wrong, right, text) => {
    const spec = `{podSelector: {matchLabels: {app: ${wrong}}}}`;
    const found = linted({ a: policy(spec) + pod("x").replace("app: x", `app: "${right}"`) });
    const fixes = found.flatMap(({ fix }) => fix?.edits ?? []);
    expect(fixes.map((edit) => edit.text)).toEqual([text]);
  });

  test("is a key, too, and may stand in matchExpressions", () => {
    const peer = "{podSelector: {matchExpressions: [{key: App, operator: In, values: [web]}]}}";
    const [found] = linted({ a: from(peer) }, { only: ["misspelt-label"] });
    expect(found).toMatchObject({ message: "No pod has App. Did you mean app?" });
    expect(found).not.toHaveProperty("fix");
  });

  test("with another number is another thing", () => {
    const text = policy("{podSelector: {matchLabels: {app: web-1}}}") + pod("web-2");
    expect(said(text)).toEqual(["selects-no-pod 4: spec.podSelector"]);
  });
});

describe("without pods", () => {
  test("nothing is said of what selectors find, and the rest is", () => {
    const text = policy(
      "{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}, {from: [{podSelector: {matchLabels: {app: x}}}]}]}",
    );
    expect(said(text)).toEqual(["redundant-rule 4: spec.ingress[1]"]);
  });

  test("egress without DNS is still seen, and rules for port 53 get the benefit of the doubt", () => {
    const egress = (rules: string) => policy(`{podSelector: {}, policyTypes: [Egress], egress: [${rules}]}`);
    expect(said(egress("{to: [{podSelector: {}}], ports: [{port: 80}]}"))).toEqual([
      "egress-without-dns 4: spec.egress",
    ]);
    expect(said(egress("{to: [{podSelector: {}}], ports: [{port: 53, protocol: UDP}, {port: 53}]}"))).toEqual(
      [],
    );
    expect(said(policy("{podSelector: {}, policyTypes: [Egress]}"))).toEqual([]);
  });
});

describe("DNS that is among the manifests", () => {
  const dns = `{apiVersion: v1, kind: Pod, metadata: {name: dns, namespace: kube-system, labels: {k8s-app: kube-dns}}, spec: {containers: [{name: c, image: i}]}}\n---\n`;
  const cache = dns.replaceAll("name: dns", "name: cache").replace("kube-dns", "node-local-dns");
  const egress = (to: string) =>
    policy(
      `{podSelector: {}, policyTypes: [Egress], egress: [{to: [${to}], ports: [{port: 53, protocol: UDP}, {port: 53}]}]}`,
    ) + pod("web");
  const toDns = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}";
  const without = "egress-without-dns 4: spec.egress";

  test("has to be reached itself", () => {
    expect(said(egress(toDns) + dns)).toEqual([]);
    expect(said(egress("{podSelector: {}}") + dns)).toContain(without);
  });

  test("and so has the node-local cache, where one runs", () => {
    const onHost = cache.replace("spec: {", "spec: {hostNetwork: true, ");
    expect(said(egress(toDns) + dns + onHost)).toContain(without);
    expect(said(egress(`${toDns}, {ipBlock: {cidr: 169.254.20.10/32}}`) + dns + onHost)).toEqual([]);
  });
});

test("lint never fails, and its findings are the same every time, on random clusters", () => {
  const seed = printedSeed("lint");
  fc.assert(
    fc.property(randomCluster, ({ objects }) => {
      const found = lint(clusterOf(...objects));
      expect(lint(clusterOf(...objects.toReversed()))).toEqual(found);
    }),
    { seed, numRuns: 150 },
  );
});
