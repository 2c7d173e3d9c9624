import { describe, expect, test } from "vitest";
import { loadManifests } from "../input/load-manifests.ts";
import { tallyOfApi, tallyOfManifests, tallyText } from "./tally.ts";

const text = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: c, image: nginx}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template: {metadata: {labels: {app: api}}, spec: {containers: [{name: c, image: nginx}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: bad}
spec: {podSelector: {}, ingres: []}
---
- no object
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: c, image: nginx}]}
---
a: [
`;

const passedOver = [
  { path: "dir/README.md", what: "other file", reason: "not .yaml, .yml or .json" },
  { path: "dir/sub", what: "directory", reason: "-R looks into subdirectories too" },
] as const;
const tally = tallyOfManifests(loadManifests([{ path: "a.yaml", text }]), 1, passedOver, false);

describe("manifests", () => {
  test("everything that was written is counted, once", () => {
    expect(tallyText(tally, false)).toBe(
      "read 2 objects in 1 file: 1 Deployment, 1 Pod; replaced by a later one: 1; " +
        "passed over: 1 ConfigMap, 1 directory, 1 other file; refused: 3\n",
    );
  });

  test("and named, with its place and why it does not count", () => {
    expect(tallyText(tally, true).split("\n").slice(0, -2)).toEqual([
      "read: a.yaml:10: Deployment default/api",
      "read: a.yaml:24: Pod default/web",
      "passed over: a.yaml:6: ConfigMap shop/settings: says nothing of network policies",
      "passed over: dir/README.md: not .yaml, .yml or .json",
      "passed over: dir/sub: -R looks into subdirectories too",
      'refused: a.yaml:17: NetworkPolicy default/bad: unknown field "spec.ingres"',
      "refused: a.yaml:22: a document: expected a Kubernetes object, found a list",
      expect.stringMatching(/^refused: a.yaml:30: a document: (?!expected a Kubernetes)/),
    ]);
  });
});

test("an Ingress counts as read where it is", () => {
  const ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: shop}\n";
  const cilium = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: deny}\n";
  const manifests = loadManifests([{ path: "i.yaml", text: `${ingress}---\n${cilium}` }]);
  expect(tallyText(tallyOfManifests(manifests, 1, [], true), true)).toBe(
    "read: i.yaml:1: Ingress default/shop\n" +
      "passed over: i.yaml:5: CiliumNetworkPolicy default/deny: a policy of another API\n" +
      "read 1 object in 1 file: 1 Ingress; passed over: 1 CiliumNetworkPolicy\n",
  );
  expect(tallyText(tallyOfManifests(manifests, 1, [], false), true)).toContain(
    "passed over: i.yaml:1: Ingress default/shop: asked for by exposure and lint only\n",
  );
});

test("names cannot write to the terminal", () => {
  const evil = text.replace("name: bad", 'name: "x\\n\\e[31m"');
  const { refused } = tallyOfManifests(loadManifests([{ path: "a.yaml", text: evil }]), 1, [], false);
  expect(refused).toHaveLength(3);
  const told = tallyText({ ...tally, refused }, true);
  expect(told).not.toContain("\u001b");
  expect(told.split("\n")).toHaveLength(tallyText(tally, true).split("\n").length);
});

test("plurals, and an API", () => {
  const namespace = (name: string) => ({ kind: "Namespace", name, labels: {} }) as const;
  const policy = {
    kind: "NetworkPolicy",
    namespace: "a",
    name: "p",
    podSelector: {},
    policyTypes: [],
    ingress: [],
    egress: [],
  } as never;
  const refused = [{ kind: "Pod", title: () => "Pod a/b", reason: "cannot be read" }];
  const objects = [namespace("a"), namespace("b"), policy, policy];
  expect(tallyText(tallyOfApi("context prod", objects, refused), false)).toBe(
    "read 4 objects from context prod: 2 Namespaces, 2 NetworkPolicies; refused: 1\n",
  );
  expect(tallyText(tallyOfApi("context prod", [], []), false)).toBe("read 0 objects from context prod\n");
});
