import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiVersionOf } from "../resource-def.ts";
import { kindsWorld, refusal } from "./kinds.testing.ts";

let world: ReturnType<typeof kindsWorld>;
beforeEach(() => {
  world = kindsWorld();
});
afterEach(() => world.server.close());

type Fields = Readonly<Record<string, unknown>>;

const web = { name: "web", image: "nginx" };
const podOf = (container: Fields, more: Fields = {}) => ({
  spec: { containers: [{ ...web, ...container }], ...more },
});
const template = { metadata: { labels: { app: "web" } }, spec: { containers: [web] } };
const selector = { matchLabels: { app: "web" } };
const workload = (more: Fields = {}) => ({ spec: { selector, template, ...more } });
const job = (more: Fields = {}) => ({
  spec: { template: { spec: { containers: [web], restartPolicy: "Never" } }, ...more },
});

const refusals: readonly [string, Fields, string][] = [
  ["Pod", podOf({ image: "" }), "spec.containers[0].image: Required value"],
  [
    "Pod",
    podOf({ imagePullPolicy: "Sometimes" }),
    'spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
  ],
  [
    "Pod",
    podOf({}, { restartPolicy: "Maybe" }),
    'spec.restartPolicy: Unsupported value: "Maybe": supported values: "Always", "OnFailure", "Never"',
  ],
  [
    "Pod",
    podOf({ volumeMounts: [{ name: "data", mountPath: "/data" }] }),
    'spec.containers[0].volumeMounts[0].name: Not found: "data"',
  ],
  [
    "Pod",
    podOf(
      {
        volumeMounts: [
          { name: "data", mountPath: "/data" },
          { name: "data", mountPath: "/data" },
        ],
      },
      { volumes: [{ name: "data" }] },
    ),
    'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/data": must be unique',
  ],
  [
    "Pod",
    podOf({}, { volumes: [{ name: "data" }, { name: "data" }] }),
    'spec.volumes[1].name: Duplicate value: "data"',
  ],
  [
    "Pod",
    podOf({}, { volumes: [{ name: "data", emptyDir: {}, configMap: { name: "c" } }] }),
    "spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type",
  ],
  [
    "Pod",
    podOf({ env: [{ name: "a=b" }] }),
    "spec.containers[0].env[0].name: Invalid value: \"a=b\": a valid environment variable name must consist only of printable ASCII characters other than '='",
  ],
  [
    "Pod",
    podOf({ env: [{ name: "A", value: "1", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }] }),
    'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
  ],
  [
    "Pod",
    podOf({ resources: { requests: { cpu: "200m" }, limits: { cpu: "0.1" } } }),
    'spec.containers[0].resources.requests: Invalid value: "200m": must be less than or equal to cpu limit of 0.1',
  ],
  [
    "Pod",
    podOf({ livenessProbe: {} }),
    "spec.containers[0].livenessProbe: Required value: must specify a handler type",
  ],
  [
    "Pod",
    podOf({ livenessProbe: { httpGet: { port: 0 } } }),
    "spec.containers[0].livenessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive",
  ],
  [
    "Pod",
    podOf({ startupProbe: { exec: { command: ["true"] }, successThreshold: 2 } }),
    "spec.containers[0].startupProbe.successThreshold: Invalid value: 2: must be 1",
  ],
  [
    "Pod",
    podOf({}, { activeDeadlineSeconds: 0 }),
    "spec.activeDeadlineSeconds: Invalid value: 0: must be greater than 0",
  ],
  [
    "Deployment",
    workload({ selector: { matchLabels: { app: "other" } } }),
    'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
  ],
  [
    "Deployment",
    workload({ selector: {} }),
    "spec.selector: Invalid value: {}: empty selector is invalid for deployment",
  ],
  [
    "Deployment",
    workload({ template: { ...template, spec: { containers: [web], restartPolicy: "Never" } } }),
    'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
  ],
  [
    "Deployment",
    workload({ strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } }),
    "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
  ],
  [
    "Deployment",
    workload({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: "0%" } } }),
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
  ],
  [
    "Deployment",
    workload({ replicas: -1 }),
    "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
  ],
  [
    "StatefulSet",
    workload({ podManagementPolicy: "Any" }),
    'spec.podManagementPolicy: Unsupported value: "Any": supported values: "OrderedReady", "Parallel"',
  ],
  [
    "Job",
    { spec: { template: { spec: { containers: [web] } } } },
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ],
  [
    "Job",
    job({ completionMode: "Indexed" }),
    "spec.completions: Required value: when completion mode is Indexed",
  ],
  ["CronJob", { spec: { jobTemplate: job() } }, "spec.schedule: Required value"],
  [
    "CronJob",
    { spec: { schedule: "* * *", jobTemplate: job() } },
    'spec.schedule: Invalid value: "* * *": expected exactly 5 fields, found 3: [* * *]',
  ],
  [
    "Service",
    { spec: { type: "Odd", ports: [{ port: 80 }] } },
    'spec.type: Unsupported value: "Odd": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
  ],
  ["Service", { spec: { type: "ExternalName" } }, "spec.externalName: Required value"],
  [
    "Service",
    { spec: { ports: [{ port: 80, nodePort: 30080 }] } },
    "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
  ],
  [
    "Service",
    { spec: { type: "NodePort", ports: [{ port: 80, nodePort: 80 }] } },
    "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767",
  ],
  [
    "ConfigMap",
    { data: { "a/b": "" } },
    "data[a/b]: Invalid value: \"a/b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
  ],
  [
    "ConfigMap",
    { data: { a: "" }, binaryData: { a: "" } },
    'data[a]: Invalid value: "a": duplicate of key present in binaryData',
  ],
  ["Secret", { type: "kubernetes.io/tls", data: { "tls.crt": "" } }, "data[tls.key]: Required value"],
  [
    "EndpointSlice",
    { addressType: "IPv4", endpoints: [{ addresses: ["127.0.0.1"] }] },
    'endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
  ],
  [
    "Event",
    { involvedObject: { kind: "Pod", name: "web", namespace: "other" } },
    'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
  ],
  ["Ingress", { spec: {} }, "spec: Invalid value: {}: either `defaultBackend` or `rules` must be specified"],
  [
    "PersistentVolumeClaim",
    { spec: { resources: { requests: { storage: "1Gi" } } } },
    "spec.accessModes: Required value: at least 1 access mode is required",
  ],
  [
    "PodDisruptionBudget",
    { spec: { minAvailable: "half" } },
    "spec.minAvailable: Invalid value: \"half\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
  ],
  [
    "PriorityClass",
    { value: 2_000_000_000 },
    "value: Forbidden: maximum allowed value of a user defined priority is 1000000000",
  ],
  [
    "HorizontalPodAutoscaler",
    { spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, minReplicas: 3, maxReplicas: 2 } },
    "spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`",
  ],
  [
    "LimitRange",
    { metadata: { labels: { "a b": "" } } },
    "metadata.labels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
  ],
];

it.each(refusals)("%s %j", (kind, fields, message) => {
  const { group } = world.defOf(kind);
  const head = group === "" ? kind : `${kind}.${group}`;
  expect(refusal(() => world.create(kind, fields))).toBe(`${head} "web" is invalid: ${message}`);
});

it("a Deployment without anything lacks a selector, labels that match and containers", () => {
  const message = refusal(() => world.create("Deployment", { spec: {} }));
  expect(message).toContain("spec.template.spec.containers: Required value");
  expect(message).toContain("spec.selector: Required value");
  expect(message).toContain("`selector` does not match template `labels`");
});

it("a name is checked for every kind", () => {
  for (const def of world.registry.defs.filter(({ answer }) => answer === undefined)) {
    const object = { metadata: { name: "Not_A_Name" } };
    const errors = def.validate({ apiVersion: apiVersionOf(def), kind: def.kind, ...object });
    if (def.group === "rbac.authorization.k8s.io") continue;
    expect([def.kind, errors.map(({ path }) => path).includes("metadata.name")]).toEqual([def.kind, true]);
  }
});

it("what is no base64 or no quantity cannot be decoded", () => {
  expect(refusal(() => world.create("Secret", { data: { a: "b!" } }))).toContain(
    "data.a: illegal base64 data at input byte 1",
  );
  const resources = { limits: { cpu: "much" } };
  expect(refusal(() => world.create("Pod", podOf({ resources })))).toContain(
    "quantities must match the regular expression",
  );
});

describe("what stays as it is", () => {
  const immutable = "field is immutable";
  it.each<[string, Fields, Fields, string]>([
    [
      "Deployment",
      workload(),
      workload({
        selector: { matchLabels: { app: "x" } },
        template: { ...template, metadata: { labels: { app: "x" } } },
      }),
      `spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: ${immutable}`,
    ],
    [
      "StatefulSet",
      workload({ serviceName: "a" }),
      workload({ serviceName: "b" }),
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ],
    ["Secret", {}, { type: "other" }, `type: Invalid value: "other": ${immutable}`],
    [
      "ConfigMap",
      { immutable: true, data: { a: "1" } },
      { immutable: true, data: { a: "2" } },
      "data: Forbidden: field is immutable when `immutable` is set",
    ],
    [
      "EndpointSlice",
      { addressType: "IPv4" },
      { addressType: "IPv6" },
      `addressType: Invalid value: "IPv6": ${immutable}`,
    ],
    ["PriorityClass", { value: 1 }, { value: 2 }, "value: Forbidden: may not be changed in an update."],
  ])("of a %s", (kind, fields, changed, message) => {
    world.create(kind, fields);
    expect(refusal(() => world.update(kind, changed))).toContain(`"web" is invalid: ${message}`);
    expect(world.update(kind, fields).metadata.name).toBe("web");
  });
});

describe("pods are forbidden", () => {
  it.each([
    [
      { serviceAccountName: "robot" },
      'error looking up service account default/robot: serviceaccount "robot" not found',
    ],
    [{ priorityClassName: "high" }, "no PriorityClass with name high was found"],
  ])("with %j", (spec, why) => {
    expect(refusal(() => world.create("Pod", podOf({}, spec)))).toBe(`pods "web" is forbidden: ${why}`);
  });

  it("until what they refer to exists", () => {
    world.create("ServiceAccount", { automountServiceAccountToken: false }, "robot");
    world.create("PriorityClass", { value: 7 }, "high");
    const spec = { serviceAccountName: "robot", priorityClassName: "high" };
    const pod = world.create("Pod", podOf({}, spec));
    expect(pod.spec).toMatchObject({ serviceAccountName: "robot", priority: 7 });
    expect(pod.spec).not.toHaveProperty("volumes");
    const critical = world.create(
      "Pod",
      podOf({}, { priorityClassName: "system-node-critical" }),
      "critical",
    );
    expect(critical.spec).toMatchObject({ priority: 2_000_001_000 });
  });
});

it("a pod that runs is changed in a few places only", () => {
  const { spec } = world.create("Pod", podOf({}, { tolerations: [{ key: "a", operator: "Exists" }] }));
  const replace = (changed: Fields) => world.update("Pod", { spec: { ...(spec as object), ...changed } });
  expect(refusal(() => replace({ hostname: "other" }))).toContain(
    "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`",
  );
  expect(refusal(() => replace({ tolerations: [{ key: "b", operator: "Exists" }] }))).toBe(
    'Pod "web" is invalid: spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
  );
  const { containers, tolerations } = spec as { containers: [object]; tolerations: object[] };
  const changed = {
    containers: [{ ...containers[0], image: "nginx:2" }],
    tolerations: [...tolerations, { key: "b", operator: "Exists" }],
    nodeName: "n1",
  };
  expect(replace(changed).spec).toMatchObject(changed);
  expect(refusal(() => replace({ ...changed, nodeName: "n2" }))).toContain("pod updates may not change");
});

it("the namespaces of the system stay", () => {
  for (const name of ["default", "kube-system", "kube-public", "kube-node-lease"]) {
    const refused = refusal(() => world.registry.delete(world.defOf("Namespace"), name));
    expect(refused).toBe(`namespaces "${name}" is forbidden: this namespace may not be deleted`);
  }
});

it("a pod is given the time that it asks for to end", () => {
  const grace = (pod: Fields, asked?: number) =>
    world.defOf("Pod").deletionGraceSeconds!({ metadata: { name: "web" }, ...pod } as never, asked);
  expect(grace({ spec: {} })).toBe(0);
  expect(grace({ spec: { nodeName: "n1", terminationGracePeriodSeconds: 5 } })).toBe(5);
  expect(grace({ spec: { nodeName: "n1" } })).toBe(30);
  expect(grace({ spec: { nodeName: "n1", terminationGracePeriodSeconds: 5 } }, 0)).toBe(0);
  expect(grace({ spec: { nodeName: "n1" }, status: { phase: "Succeeded" } })).toBe(0);
});
