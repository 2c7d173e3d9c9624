import { expect, test } from "vitest";
import { ConfigError, type ConfigStore } from "../pod/config-store.ts";
import type { RawContainer, RawPod } from "../pod/raw-pod.ts";
import { environmentOf } from "./environment.ts";

const pod: RawPod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "shop", uid: "u1", labels: { "app.kubernetes.io/name": "web" } },
  spec: { nodeName: "portcullis", serviceAccountName: "robot", containers: [] },
};
const addresses = ["10.244.0.1", "fd00:10:244::1"];

const stored: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "ConfigMap/shop/settings": { color: "blue", size: "9" },
  "Secret/shop/login": { password: "hush" },
};
const configs: Pick<ConfigStore, "data"> = {
  data: (kind, namespace, name) => {
    const data = stored[`${kind}/${namespace}/${name}`];
    if (data === undefined) throw new ConfigError(`${kind.toLowerCase()} "${name}" not found`);
    return new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value)]));
  },
};

const environment = (container: Omit<RawContainer, "name">, services: Record<string, string> = {}) =>
  environmentOf(pod, { name: "c", ...container }, { hostName: "web", addresses, services, configs });

test("variables come in order, may use earlier ones, and may replace what is there anyway", () => {
  const env = [
    { name: "A", value: "1" },
    { name: "B", value: "$(A)2 $(C) $(DB_SERVICE_HOST)" },
    { name: "C", value: "later" },
    { name: "HOME", value: "/tmp" },
    { name: "EMPTY" },
  ];
  expect(environment({ env }, { DB_SERVICE_HOST: "10.96.0.7" })).toMatchObject({
    A: "1",
    B: "12 $(C) 10.96.0.7",
    HOME: "/tmp",
    EMPTY: "",
    HOSTNAME: "web",
    TAR_OPTIONS: "--no-same-owner",
    DB_SERVICE_HOST: "10.96.0.7",
  });
});

test.each([
  ["metadata.name", "web"],
  ["metadata.namespace", "shop"],
  ["metadata.labels['app.kubernetes.io/name']", "web"],
  ["metadata.annotations['none']", ""],
  ["spec.nodeName", "portcullis"],
  ["spec.serviceAccountName", "robot"],
  ["status.podIP", "10.244.0.1"],
  ["status.podIPs", "10.244.0.1,fd00:10:244::1"],
])("fieldRef %s", (fieldPath, value) => {
  expect(environment({ env: [{ name: "X", valueFrom: { fieldRef: { fieldPath } } }] })).toMatchObject({
    X: value,
  });
});

test.each([
  ["limits.cpu", "1", "2"],
  ["limits.cpu", "1m", "1500"],
  ["requests.memory", "1Mi", "65"],
])("resourceFieldRef %s in units of %s is %s", (resource, divisor, value) => {
  const resources = { limits: { cpu: "1500m" }, requests: { memory: "64.5Mi" } };
  const env = [{ name: "X", valueFrom: { resourceFieldRef: { resource, divisor } } }];
  expect(environment({ env, resources })).toMatchObject({ X: value });
});

test("ConfigMaps and Secrets give single keys, or all of them with a prefix; what comes later wins", () => {
  const container = {
    envFrom: [{ prefix: "CFG_", configMapRef: { name: "settings" } }, { secretRef: { name: "login" } }],
    env: [
      { name: "CFG_size", value: "10" },
      { name: "PASS", valueFrom: { secretKeyRef: { name: "login", key: "password" } } },
      { name: "NONE", valueFrom: { configMapKeyRef: { name: "none", key: "x", optional: true } } },
    ],
  };
  const variables = environment(container);
  expect(variables).toMatchObject({ CFG_color: "blue", CFG_size: "10", password: "hush", PASS: "hush" });
  expect(variables).not.toHaveProperty("NONE");
});

test.each([
  ['configmap "none" not found', { configMapKeyRef: { name: "none", key: "x" } }],
  ["couldn't find key x in ConfigMap shop/settings", { configMapKeyRef: { name: "settings", key: "x" } }],
  ['secret "none" not found', { secretKeyRef: { name: "none", key: "x" } }],
])("what is missing is told as the kubelet does: %s", (message, valueFrom) => {
  expect(() => environment({ env: [{ name: "X", valueFrom }] })).toThrow(message);
});
