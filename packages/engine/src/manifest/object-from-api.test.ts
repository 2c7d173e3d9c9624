import { describe, expect, test } from "vitest";
import { objectFromApi } from "./object-from-api.ts";

const policy = (spec: unknown) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "a", namespace: "n", resourceVersion: "7", aFieldOfTheFuture: {} },
  spec,
});

describe("what an API server keeps is understood", () => {
  test("fields that are newer than this program", () => {
    const { object, errors } = objectFromApi(policy({ podSelector: {}, future: true }));
    expect(errors).toEqual([]);
    expect(object).toMatchObject({
      kind: "NetworkPolicy",
      namespace: "n",
      name: "a",
      policyTypes: ["Ingress"],
    });
  });

  test.each([
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["010.000.0.0/08", "10.0.0.0/8"],
    ["::ffff:10.0.0.0/104", "10.0.0.0/8"],
    ["::ffff:10.0.0.0/64", "::/64"],
  ])("the prefix %s that 1.36 would refuse is %s", (cidr, meaning) => {
    const { object, errors } = objectFromApi(policy({ ingress: [{ from: [{ ipBlock: { cidr } }] }] }));
    expect(errors).toEqual([]);
    expect(object).toMatchObject({ ingress: [{ peers: [{ cidr: { text: meaning } }] }] });
  });

  test("an invalid value in a selector", () => {
    const expression = { key: "a", operator: "In", values: ["not valid!"] };
    expect(objectFromApi(policy({ podSelector: { matchExpressions: [expression] } })).errors).toEqual([]);
  });
});

test("what cannot be understood is told, and gives no object", () => {
  const result = objectFromApi(policy({ ingress: [{ from: [{ ipBlock: { cidr: "x" } }] }], podSelector: 1 }));
  expect(result.object).toBeUndefined();
  expect(result.errors).toMatchObject([{ code: "wrong-type", path: "spec.podSelector" }]);
  const bad = objectFromApi(policy({ ingress: [{ from: [{ ipBlock: { cidr: "x" } }] }] }));
  expect(bad).toMatchObject({ errors: [{ code: "invalid", path: "spec.ingress[0].from[0].ipBlock.cidr" }] });
});

test("a place is kept, and only that of the whole", () => {
  const position = { line: 1, column: 1, offset: 0 };
  const range = { file: "a", start: position, end: position };
  const { object } = objectFromApi(policy({ ingress: [{}] }), range);
  expect(object).toEqual({
    kind: "NetworkPolicy",
    namespace: "n",
    name: "a",
    podSelector: { matchLabels: {}, matchExpressions: [] },
    policyTypes: ["Ingress"],
    ingress: [{ peers: [], ports: [] }],
    egress: [],
    range,
  });
});

test("pods with invalid ports or names are taken as they are", () => {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a" },
    spec: { containers: [{ name: "c", ports: [{ containerPort: 80 }] }] },
    status: { phase: "Running", podIPs: [{ ip: "10.0.0.1" }] },
  };
  expect(objectFromApi(pod)).toMatchObject({
    errors: [],
    object: { kind: "Pod", phase: "Running", ports: [{ port: 80 }] },
  });
});

test("other kinds are passed over; what is no object is told", () => {
  expect(objectFromApi({ apiVersion: "v1", kind: "ConfigMap" })).toEqual({ errors: [] });
  expect(objectFromApi({ apiVersion: "example.com/v1", kind: "Pod" })).toEqual({ errors: [] });
  expect(objectFromApi(null).errors).toMatchObject([{ code: "not-an-object" }]);
});
