import { describe, expect, test } from "vitest";
import { clusterOf } from "../../cluster/objects.testing.ts";
import { readManifest } from "../../manifest/read-manifest.ts";
import { lint } from "../lint.ts";

// What a rule must not say, and what its page has no room for.

/** Findings of one rule, as `path: message`. */
function told(code: string, ...objects: readonly string[]): string[] {
  const text = objects.join("\n---\n");
  const read = readManifest(text, "a.yaml");
  expect(read.diagnostics).toEqual([]);
  const cluster = clusterOf(...read.objects);
  const options = { manifests: { ...read, texts: new Map([["a.yaml", text]]) }, only: [code] };
  return lint(cluster, options).map(({ path, message, severity }) => `${severity} ${path}: ${message}`);
}

const policy = (spec: string, name = "p") =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${name}}, spec: ${spec}}`;
const pod = (name: string, spec = "", namespace = "default", container = "") =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}, spec: {${spec}containers: [{name: c, image: i${container}}]}}`;
const ports = (...list: string[]) => `, ports: [${list.join(", ")}]`;
const service = (name: string, spec: string) =>
  `{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {selector: {app: ${name}}, ${spec}}}`;
const ingress = (rules: string, selector = "{}") => policy(`{podSelector: ${selector}, ingress: [${rules}]}`);
const egress = (rules: string, selector = "{}") =>
  policy(`{podSelector: ${selector}, policyTypes: [Egress], egress: [${rules}]}`);
const app = (name: string) => `{matchLabels: {app: ${name}}}`;
const [web, db] = [pod("web"), pod("db")];

describe("and-written-as-or says nothing", () => {
  const shop = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}";
  const client = `{podSelector: ${app("client")}}`;
  const pods = [web, pod("client"), pod("client", "", "shop")];
  test.each([
    ["of the other order", `{from: [${client}, ${shop}]}`, pods],
    ["of all pods of the own namespace", `{from: [${shop}, {podSelector: {}}]}`, pods],
    [
      "where such pods are only in the own namespace",
      `{from: [${shop}, ${client}]}`,
      [web, pod("client"), pod("x", "", "shop")],
    ],
    ["of peers that are complete", `{from: [{namespaceSelector: {}, podSelector: {}}, ${client}]}`, pods],
    ["of two rules", `{from: [${shop}]}, {from: [${client}]}`, pods],
  ])("%s", (_, rules, present) => {
    expect(told("and-written-as-or", ingress(rules), ...present)).toEqual([]);
  });

  test("and speaks where pods are not known", () => {
    expect(told("and-written-as-or", ingress(`{from: [${shop}, ${client}]}`))).toHaveLength(1);
  });
});

describe("open-to-world", () => {
  test.each([
    ["{from: [{namespaceSelector: {}}]}", 0],
    ["{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}", 0],
    ["{from: [{ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: '::/0'}}]}", 2],
    ["{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}", 1],
    ["{from: []}, {from: [{podSelector: {}}]}", 1],
  ])("%s: %d", (rules, count) => {
    expect(told("open-to-world", ingress(rules), web)).toHaveLength(count);
  });

  test("is not about egress", () => {
    expect(told("open-to-world", egress("{ports: [{port: 80}]}"), web)).toEqual([]);
  });
});

describe("metadata-reachable", () => {
  test.each([
    ["{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}", 0],
    ["{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 1, endPort: 100}]}", 1],
    ["{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]}", 0],
    ["{to: [{ipBlock: {cidr: 169.254.169.254/32}}]}", 0],
    ["{to: [{ipBlock: {cidr: 'fd00::/8'}}]}", 1],
    ["{to: [{podSelector: {}}]}", 0],
    ["{ports: [{protocol: UDP}]}", 0],
    ["{ports: [{}]}", 1],
  ])("%s: %d", (rules, count) => {
    expect(told("metadata-reachable", egress(rules), web)).toHaveLength(count);
  });
});

describe("service-port", () => {
  const listening = pod("web", "", "default", ports("{name: http, containerPort: 8080}"));
  const front = service("web", "ports: [{port: 80, targetPort: http}]");
  const to = (peers: string, port = "80") => egress(`{to: [${peers}], ports: [{port: ${port}}]}`);
  const toWeb = `{podSelector: ${app("web")}}`;

  test("of a Service with a named targetPort, in egress and in ingress", () => {
    const words = /Port 80 is that of Service default\/web; its pods listen on 8080/;
    expect(told("service-port", to(toWeb), listening, front)).toEqual([expect.stringMatching(words)]);
    const into = ingress("{ports: [{port: 80}]}", app("web"));
    expect(told("service-port", into, listening, front)).toEqual([expect.stringMatching(words)]);
  });

  test.each([
    ["the pods' own port", to(toWeb, "8080"), front],
    ["a port of nobody", to(toWeb, "81"), front],
    [
      "a headless Service",
      to(toWeb),
      service("web", "clusterIP: None, ports: [{port: 80, targetPort: http}]"),
    ],
    ["a peer outside", to(`${toWeb}, {ipBlock: {cidr: 192.0.2.0/24}}`), front],
    ["everybody", egress("{ports: [{port: 80}]}"), front],
    ["another protocol", egress(`{to: [${toWeb}], ports: [{port: 80, protocol: UDP}]}`), front],
    ["the same port", to(toWeb), service("web", "ports: [{port: 80}]")],
  ])("not of %s", (_, rules, services) => {
    expect(told("service-port", rules, listening, services)).toEqual([]);
  });

  test("not where a pod has the port as well", () => {
    const both = pod("web", "", "default", ports("{name: http, containerPort: 8080}", "{containerPort: 80}"));
    expect(told("service-port", to(toWeb), both, front)).toEqual([]);
  });
});

describe("named-port-missing", () => {
  const dns = pod("dns", "", "default", ports("{name: dns, containerPort: 53, protocol: UDP}"));
  test("with another protocol is told of it", () => {
    expect(told("named-port-missing", ingress("{ports: [{port: dns}]}"), dns)).toEqual([
      expect.stringMatching(/no pod.*did you mean dns \(UDP\)\?/i),
    ]);
    expect(told("named-port-missing", ingress("{ports: [{port: dns, protocol: UDP}]}"), dns)).toEqual([]);
  });

  test("towards addresses it means nothing; towards pods it is theirs", () => {
    const block = egress("{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: dns, protocol: UDP}]}");
    expect(told("named-port-missing", block, dns)).toEqual([expect.stringContaining("Use a number")]);
    const pods = egress("{to: [{podSelector: {}}], ports: [{port: dns, protocol: UDP}]}", app("web"));
    expect(told("named-port-missing", pods, dns, web)).toEqual([]);
  });

  test("one pod that has it is enough", () => {
    expect(told("named-port-missing", ingress("{ports: [{port: dns, protocol: UDP}]}"), dns, web)).toEqual(
      [],
    );
  });
});

describe("except-without-effect", () => {
  const block = "{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}";
  test.each([
    [`{from: [${block}]}`, 0],
    [`{from: [${block}, {ipBlock: {cidr: 10.1.0.0/17}}]}`, 0],
    [`{from: [${block}, {ipBlock: {cidr: 10.0.0.0/15}}]}`, 1],
    [
      `{from: [${block}], ports: [{port: 80}]}, {from: [{ipBlock: {cidr: 10.1.0.0/16}}], ports: [{port: 81}]}`,
      0,
    ],
    [`{from: [${block}], ports: [{port: 80}]}, {from: [{ipBlock: {cidr: 10.1.0.0/16}}]}`, 1],
    [`{from: [${block}], ports: [{port: 80}]}, {ports: [{port: 80}]}`, 1],
    ["{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.1.0.0/16]}}]}", 1],
    ["{from: [{ipBlock: {cidr: 'fd00::/8', except: ['fd00:1::/32', 'fd00:1:2::/48']}}]}", 1],
  ])("%s: %d", (rules, count) => {
    expect(told("except-without-effect", ingress(rules), web)).toHaveLength(count);
  });
});

test.each([
  ["{port: 80, endPort: 90}", []],
  ["{port: 1, endPort: 65535}", ["end-port-everything"]],
  ["{port: 1024, endPort: 65535}", ["end-port-wide"]],
  ["{port: 1024, endPort: 65535, protocol: UDP}", []],
  ["{port: 30000, endPort: 32767}", []],
  ["{port: 22, endPort: 30}", []],
  ["{port: 22, endPort: 22}", ["end-port-single"]],
])("ranges: %s: %j", (port, codes) => {
  const rules = ingress(`{from: [{podSelector: {}}], ports: [${port}]}`);
  const found = ["end-port-single", "end-port-everything", "end-port-wide"].filter(
    (code) => told(code, rules, web).length > 0,
  );
  expect(found).toEqual(codes);
});

describe("host-network-selected", () => {
  const host = pod("agent", "hostNetwork: true, ");
  test("is a remark for a policy that is for all pods, unless there are no others", () => {
    expect(told("host-network-selected", ingress(""), host, web)).toEqual([expect.stringMatching(/^info /)]);
    expect(told("host-network-selected", ingress(""), host)).toEqual([expect.stringMatching(/^warning /)]);
    expect(told("host-network-selected", ingress("", app("web")), host, web)).toEqual([]);
  });
});

describe("egress-denied-silently", () => {
  const closing = policy(
    "{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {}}]}]}",
  );
  test("not where another policy opens egress, nor for a default deny", () => {
    expect(told("egress-denied-silently", closing, web)).toHaveLength(1);
    const dns = policy("{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53}]}]}", "dns");
    expect(told("egress-denied-silently", closing, dns, web)).toEqual([]);
    expect(
      told("egress-denied-silently", policy("{podSelector: {}, policyTypes: [Ingress, Egress]}"), web),
    ).toEqual([]);
  });
});

describe("implicit-ingress-denial", () => {
  const rules = "egress: [{to: [{podSelector: {}}]}]";
  test("only where nothing is said of ingress", () => {
    expect(told("implicit-ingress-denial", policy(`{podSelector: {}, ${rules}}`), web)).toHaveLength(1);
    for (const more of [
      "policyTypes: [Ingress, Egress]",
      "policyTypes: [Egress]",
      "ingress: []",
      "ingress: [{}]",
    ])
      expect(told("implicit-ingress-denial", policy(`{podSelector: {}, ${more}, ${rules}}`), web)).toEqual(
        [],
      );
  });
});

describe("isolation", () => {
  test("of many workloads of a namespace is one finding", () => {
    const [one, ...more] = told("ingress-not-isolated", ...["a1", "b1", "c1", "d1"].map((name) => pod(name)));
    expect(more).toEqual([]);
    expect(one).toContain("of any workload in namespace default: a1, b1, c1 and d1 may be reached");
    expect(told("ingress-not-isolated", web, db)).toHaveLength(2);
  });

  test("is asked of pods on the pod network that run", () => {
    expect(told("egress-not-isolated", pod("agent", "hostNetwork: true, "))).toEqual([]);
  });
});

describe("what is redundant", () => {
  const deny = policy("{podSelector: {}, policyTypes: [Ingress]}", "deny");
  const open = policy(`{podSelector: ${app("web")}, ingress: [{from: [{podSelector: {}}]}]}`, "open");

  test("is never a default deny", () => {
    expect(told("redundant-policy", deny, open, web)).toEqual([]);
    expect(told("rule-adds-nothing", deny, open, web)).toEqual([]);
  });

  test("for the pods that are there is a remark", () => {
    const other = policy(`{podSelector: {}, ingress: [{from: [{podSelector: ${app("db")}}]}]}`, "other");
    const narrow = policy(
      `{podSelector: ${app("web")}, ingress: [{from: [{podSelector: {matchLabels: {tier: data}}}]}]}`,
      "narrow",
    );
    const data = db.replace("app: db", "app: db, tier: data");
    expect(told("redundant-policy", other, narrow, web, data)).toEqual([
      "info : Without the policy the same would be allowed, for the pods that are there: see other.",
    ]);
  });

  test("is no policy for pods that are not there yet", () => {
    const monitoring = policy(
      `{podSelector: ${app("web")}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}}]}]}`,
      "monitoring",
    );
    expect(told("redundant-policy", monitoring, deny, web)).toEqual([]);
  });

  test("is told once: a policy that says the same, or that an empty rule overrides, is told so only", () => {
    const same = open.replace("name: open", "name: zwei");
    expect(told("redundant-policy", open, same, web)).toEqual([]);
    expect(told("duplicate-policy", open, same, web)).toHaveLength(1);
    const all = policy(`{podSelector: ${app("web")}, ingress: [{}]}`, "all");
    expect(told("redundant-policy", open, all, web)).toEqual([]);
    expect(told("allow-all-overrides", open, all, web)).toHaveLength(1);
  });

  test("a default deny is opened by an empty rule, not overridden", () => {
    const all = policy(`{podSelector: ${app("web")}, ingress: [{}]}`, "all");
    expect(told("allow-all-overrides", deny, all, web)).toEqual([]);
    expect(told("policy-without-effect", deny, all, web)).toEqual([]);
    expect(told("open-to-world", deny, all, web)).toHaveLength(1);
  });
});

test("policy-without-effect: not when the other direction is restricted", () => {
  const half = policy(
    "{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{to: [{podSelector: {}}]}]}",
  );
  expect(told("policy-without-effect", half, web)).toEqual([]);
  const both = policy("{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]}");
  expect(told("policy-without-effect", both, web)).toHaveLength(1);
});

test("a contradiction in a namespaceSelector", () => {
  const never = "{matchExpressions: [{key: a, operator: Exists}, {key: a, operator: DoesNotExist}]}";
  expect(told("impossible-selector", ingress(`{from: [{namespaceSelector: ${never}}]}`))).toEqual([
    "error spec.ingress[0].from[0].namespaceSelector: What this asks of the label a contradicts itself: no namespace can match.",
  ]);
});

test.each([
  ["projectcalico.org/v3", "GlobalNetworkPolicy", 1],
  ["policy.networking.k8s.io/v1alpha1", "BaselineAdminNetworkPolicy", 1],
  ["policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", 1],
  ["security.istio.io/v1", "AuthorizationPolicy", 1],
  ["cilium.io/v2", "CiliumEndpoint", 0],
  ["v1", "ConfigMap", 0],
])("foreign-policy: %s %s: %d", (apiVersion, kind, count) => {
  const other = `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: x}}`;
  expect(told("foreign-policy", other, web)).toHaveLength(count);
});

test("ip-block-covers-pods: nodes say where their pods get addresses", () => {
  const node =
    "{apiVersion: v1, kind: Node, metadata: {name: worker}, spec: {podCIDR: 10.9.0.0/24, podCIDRs: [10.9.0.0/24]}}";
  const block = (cidr: string) => ingress(`{from: [{ipBlock: {cidr: ${cidr}}}]}`);
  expect(told("ip-block-covers-pods", block("10.0.0.0/8"), node, web)).toEqual([
    expect.stringContaining("10.0.0.0/8 covers addresses of pods (10.9.0.0/24)"),
  ]);
  expect(told("ip-block-covers-pods", block("10.8.0.0/16"), node, web)).toEqual([]);
});
