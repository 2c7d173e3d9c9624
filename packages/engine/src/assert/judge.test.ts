import { describe, expect, test } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import { clusterOf } from "../cluster/objects.testing.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import { portSetText } from "../report/port-set-text.ts";
import { sentence } from "../report/verdict/sentence.ts";
import { AssertionJudge } from "./judge.ts";
import { readAssertions } from "./read-assertions.ts";

const manifest = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {env: prod}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: c, ports: [{name: http, containerPort: 3000}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: data, labels: {app: db}}
spec: {containers: [{name: c, ports: [{containerPort: 5432}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: main, port: 80, targetPort: http}, {name: admin, port: 81}]}
---
apiVersion: v1
kind: Service
metadata: {name: empty, namespace: shop}
spec: {selector: {app: nobody}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: data}
spec:
  podSelector: {}
  ingress:
    - from: [{namespaceSelector: {matchLabels: {env: prod}}, podSelector: {matchLabels: {app: api}}}]
      ports: [{port: 5432, endPort: 5440}]
    - from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
      ports: [{port: 5432}]
`;

const { objects, diagnostics } = readManifest(manifest, "m.yaml");
expect(diagnostics).toEqual([]);
const cluster = clusterOf(...objects);

function judge(fields: string) {
  const text = `apiVersion: portcullis.dev/v1alpha1\nkind: Assertions\nassertions:\n  - {${fields}}\n`;
  const read = readAssertions([{ file: "a.yaml", text }]);
  expect(read.diagnostics).toEqual([]);
  return new AssertionJudge(cluster).judge(read.assertions[0]!);
}

describe("what holds", () => {
  test.each([
    ["from: shop/api, to: data/db, ports: 5432-5440, expect: allow", 1],
    ["from: shop/api, to: data/db, ports: [1-5431, 5441-65535, all/udp, icmp], expect: deny", 1],
    ["from: shop/web, to: data/db, ports: all, expect: deny", 1],
    ["from: '[env=prod]/*', to: data/db, port: 5432, expect: allow, match: any", 2],
    ["from: '[env=prod]/*', to: data/db, port: 5432, expect: deny, match: any", 2],
    ["from: shop/web, to: shop/svc/api, port: main, expect: allow", 1],
    ["from: shop/web, to: shop/svc/api, ports: all, expect: allow", 1],
    ["from: shop/*, to: '*/[app]', port: http, expect: allow, mayBeEmpty: true", 3],
    ["from: 10.0.0.0/8, to: data/db, port: 5432, expect: allow, match: any", 2],
    ["from: {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, to: data/db, port: 5432, expect: allow", 1],
    ["from: [10.1.2.3, 'fd00::/8'], to: data/db, ports: all, expect: deny", 2],
    ["from: data/db, to: outside, ports: all, expect: allow", 3],
    ["from: shop/api, to: shop/api, ports: all, expect: allow", 1],
    [
      "from: {pods: {namespaceSelector: {}, matchLabels: {app: api}}}, to: data/db, port: 5432, expect: allow",
      1,
    ],
    ["from: shop/ghost, to: data/db, port: 5432, expect: allow, mayBeEmpty: true", 0],
  ])("%s", (fields, pairs) => {
    const { status, problem, pairs: judged, violations } = judge(fields);
    expect({ status, problem, pairs: judged, violations }).toEqual({ status: "pass", pairs, violations: 0 });
  });
});

describe("what does not, with the first counter-example", () => {
  test.each([
    [
      "from: shop/*, to: data/db, port: 5432, expect: allow",
      "1 of 2: TCP 5432: shop/web may not reach data/db on TCP 5432: data/db isolates data/db for ingress and no rule lets shop/web in.",
    ],
    [
      "from: '*/*', to: data/db, ports: all, expect: deny",
      "1 of 2: TCP 5432-5440: shop/api may reach data/db on TCP 5432: no policy isolates shop/api for egress and data/db lets it in.",
    ],
    [
      "from: shop/api, to: data/db, ports: 5400-5500, expect: allow",
      "1 of 1: TCP 5400-5431,5441-5500: shop/api may not reach data/db on TCP 5400: data/db isolates data/db for ingress and no rule lets shop/api in.",
    ],
    [
      "from: shop/web, to: data/db, ports: [5432, 80], expect: allow, match: any",
      "1 of 1: TCP 80,5432: shop/web may not reach data/db on TCP 5432: data/db isolates data/db for ingress and no rule lets shop/web in.",
    ],
    [
      "from: outside, to: data/db, port: 5432, expect: deny",
      "1 of 3: TCP 5432: 10.0.0.0 may reach data/db on TCP 5432: data/db lets it in.",
    ],
    [
      "from: shop/web, to: shop/svc/api, port: main, expect: deny",
      "1 of 1: TCP 3000: shop/web may reach shop/api on TCP 3000: no policy isolates shop/web for egress or shop/api for ingress.",
    ],
  ])("%s", (fields, expected) => {
    const { status, violations, pairs, counterExample } = judge(fields);
    expect(status).toBe("fail");
    const { ports, verdict } = counterExample!;
    expect(`${violations} of ${pairs}: ${portSetText(ports)}: ${sentence(verdict)}`).toBe(expected);
  });
});

describe("what cannot be asked is an error at its place", () => {
  test.each([
    ["from: ghost, to: data/db, port: 80, expect: deny", "4:12", 'from: "ghost" is no pod of the cluster'],
    [
      "from: [shop/web, shop/pod/api], to: data/db, port: 80, expect: deny",
      "4:23",
      'from: "shop/pod/api" is no pod',
    ],
    [
      "from: shop/web, to: '[app=x]', port: 80, expect: deny",
      "4:26",
      'to: "[app=x]" is no pod of the cluster',
    ],
    [
      "from: shop/web, to: shop/svc/ghost, port: 80, expect: deny",
      "4:26",
      'to: there is no Service "shop/ghost"',
    ],
    ["from: shop/web, to: shop/svc/empty, port: 80, expect: deny", "4:26", "to: no pod is behind Service"],
    [
      "from: shop/web, to: shop/svc/api, port: 82, expect: deny",
      "4:26",
      'port: Service "shop/svc/api" has no port 82',
    ],
    [
      "from: shop/web, to: data/db, port: http, expect: deny",
      "4:26",
      'port: data/db has no port named "http"',
    ],
    ["from: shop/web, to: shop/web, port: 80, expect: deny", "4:5", "it is about a pod and itself alone"],
    ["from: outside, to: 10.0.0.1, port: 80, expect: deny", "4:5", "neither side is a pod of the cluster"],
  ])("%s", (fields, place, message) => {
    const { status, problem, problemRange } = judge(fields);
    expect(status).toBe("error");
    expect(`${problemRange!.start.line}:${problemRange!.start.column}`).toBe(place);
    expect(problem!.slice(0, message.length)).toBe(message);
  });
});

test("a node's pod reaches the node's own pods only, however alike the pods of others are", () => {
  const pod = (name: string, nodeName: string, hostNetwork: boolean) => ({
    kind: "Pod" as const,
    namespace: "default",
    name,
    labels: {},
    addresses: [],
    hostNetwork,
    nodeName,
    phase: "Running" as const,
    ports: [],
  });
  const nodes = new Cluster();
  for (const each of [pod("agent", "n1", true), pod("one", "n1", false), pod("two", "n2", false)])
    nodes.upsert(each);
  nodes.upsert({
    kind: "NetworkPolicy",
    namespace: "default",
    name: "closed",
    podSelector: { matchLabels: {}, matchExpressions: [] },
    policyTypes: ["Ingress"],
    ingress: [],
    egress: [],
  });
  const text = `apiVersion: portcullis.dev/v1alpha1
kind: Assertions
assertions:
  - {from: agent, to: [one, two], ports: all, expect: deny}
  - {from: agent, to: [one, two], ports: all, expect: allow}
`;
  const judge = new AssertionJudge(nodes);
  const judged = readAssertions([{ file: "a.yaml", text }]).assertions.map((each) => judge.judge(each));
  expect(judged.map(({ violations, pairs }) => [violations, pairs])).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(judged.map(({ counterExample }) => counterExample?.verdict.flow.destination.pod?.name)).toEqual([
    "one",
    "two",
  ]);
});
