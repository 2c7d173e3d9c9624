import { expect, test } from "vitest";
import { environmentOf } from "./environment.ts";
import type { RawPod } from "./raw-pod.ts";

const pod: RawPod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "shop", uid: "u1", labels: { "app.kubernetes.io/name": "web" } },
  spec: { nodeName: "portcullis", containers: [] },
};
const addresses = ["10.244.0.1", "fd00:10:244::1"];
const environment = (container: object) => environmentOf(pod, { name: "c", ...container }, "web", addresses);

test("variables come in order, may use earlier ones, and may replace the usual three", () => {
  const env = [
    { name: "A", value: "1" },
    { name: "B", value: "$(A)2 $(C)" },
    { name: "C", value: "later" },
    { name: "HOME", value: "/tmp" },
    { name: "EMPTY" },
  ];
  expect(environment({ env })).toEqual({
    variables: expect.objectContaining({ A: "1", B: "12 $(C)", HOME: "/tmp", EMPTY: "", HOSTNAME: "web" }),
  });
});

test.each([
  ["metadata.name", "web"],
  ["metadata.namespace", "shop"],
  ["metadata.labels['app.kubernetes.io/name']", "web"],
  ["metadata.annotations['none']", ""],
  ["spec.nodeName", "portcullis"],
  ["status.podIP", "10.244.0.1"],
  ["status.podIPs", "10.244.0.1,fd00:10:244::1"],
])("fieldRef %s", (fieldPath, value) => {
  const env = [{ name: "X", valueFrom: { fieldRef: { fieldPath } } }];
  expect(environment({ env })).toEqual({ variables: expect.objectContaining({ X: value }) });
});

test("what this cluster does not have is told, not left out", () => {
  expect(environment({ env: [{ name: "X", valueFrom: { secretKeyRef: {} } }] })).toEqual({
    message: expect.stringContaining("env X"),
  });
  expect(environment({ envFrom: [{ configMapRef: { name: "c" } }] })).toEqual({
    message: expect.stringContaining("ConfigMaps"),
  });
});
