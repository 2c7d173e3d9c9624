import { describe, expect, test } from "vitest";
import { readManifest } from "./read-manifest.ts";

/** The one object of a manifest, without places. */
function objectOf(value: unknown): unknown {
  const { objects, diagnostics } = readManifest(JSON.stringify(value), "a.json");
  expect(diagnostics).toEqual([]);
  expect(objects).toHaveLength(1);
  return JSON.parse(
    JSON.stringify(objects[0], (key, inner) => {
      if (key === "range") return undefined;
      return typeof inner === "object" && inner !== null && "text" in inner ? inner.text : inner;
    }),
  );
}

describe("NetworkPolicy", () => {
  const policy = (spec?: unknown) =>
    objectOf({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "a", namespace: "n" },
      spec,
    });

  test.each<[string, unknown, string[]]>([
    ["no spec", undefined, ["Ingress"]],
    ["an ingress rule", { ingress: [{}] }, ["Ingress"]],
    ["an egress rule", { egress: [{}] }, ["Ingress", "Egress"]],
    ["an empty egress list", { egress: [] }, ["Ingress"]],
    ["Egress written", { egress: [{}], policyTypes: ["Egress"] }, ["Egress"]],
    ["both written, one twice", { policyTypes: ["Egress", "Egress"] }, ["Egress"]],
    ["both written", { policyTypes: ["Egress", "Ingress"] }, ["Ingress", "Egress"]],
  ])("policy types with %s", (_name, spec, policyTypes) => {
    expect(policy(spec)).toMatchObject({ policyTypes });
  });

  test("whole", () => {
    const selector = { matchLabels: { a: "b" }, matchExpressions: [{ key: "c", operator: "Exists" }] };
    const converted = {
      matchLabels: { a: "b" },
      matchExpressions: [{ key: "c", operator: "Exists", values: [] }],
    };
    const spec = {
      podSelector: selector,
      ingress: [
        {
          from: [
            { podSelector: {} },
            { namespaceSelector: selector, podSelector: selector },
            { ipBlock: { cidr: "2001:DB8::/32", except: ["2001:db8:1:0::/64"] } },
          ],
          ports: [{}, { port: "http", protocol: "UDP" }, { port: 1, endPort: 9 }],
        },
      ],
      egress: [{}],
    };
    const everything = { matchLabels: {}, matchExpressions: [] };
    expect(policy(spec)).toEqual({
      kind: "NetworkPolicy",
      namespace: "n",
      name: "a",
      podSelector: converted,
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          peers: [
            { kind: "pods", podSelector: everything },
            { kind: "pods", podSelector: converted, namespaceSelector: converted },
            { kind: "ipBlock", cidr: "2001:db8::/32", except: ["2001:db8:1::/64"] },
          ],
          ports: [
            { protocol: "TCP" },
            { protocol: "UDP", port: "http" },
            { protocol: "TCP", port: 1, endPort: 9 },
          ],
        },
      ],
      egress: [{ peers: [], ports: [] }],
    });
  });
});

describe("Pod", () => {
  const spec = {
    nodeName: "node-1",
    hostNetwork: true,
    containers: [
      {
        name: "a",
        image: "nginx",
        ports: [
          { containerPort: 80, name: "http" },
          { containerPort: 53, protocol: "UDP" },
        ],
      },
      { name: "b" },
    ],
    initContainers: [
      {
        name: "sidecar",
        restartPolicy: "Always",
        ports: [{ containerPort: 9090, name: "metrics", protocol: "" }],
      },
      { name: "init", ports: [{ containerPort: 1 }] },
    ],
    priorityClassName: "a field that is not read",
  };

  test("with status", () => {
    const status = {
      phase: "Running",
      podIP: "10.0.0.1",
      podIPs: [{ ip: "10.0.0.1" }, { ip: "2001:db8::1" }, { ip: "10.0.0.2" }],
    };
    expect(
      objectOf({ apiVersion: "v1", kind: "Pod", metadata: { name: "a", labels: { x: "y" } }, spec, status }),
    ).toEqual({
      kind: "Pod",
      namespace: "default",
      name: "a",
      labels: { x: "y" },
      addresses: ["10.0.0.1", "2001:db8::1"],
      hostNetwork: true,
      nodeName: "node-1",
      phase: "Running",
      ports: [
        { name: "http", port: 80, protocol: "TCP" },
        { port: 53, protocol: "UDP" },
        { name: "metrics", port: 9090, protocol: "TCP" },
      ],
    });
  });

  test("without status, and with podIP alone", () => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a" },
      spec: { containers: [{ name: "c" }] },
    };
    expect(objectOf(pod)).toMatchObject({
      addresses: [],
      phase: "Pending",
      hostNetwork: false,
      labels: {},
      ports: [],
    });
    expect(objectOf({ ...pod, status: { phase: "Failed", podIP: "10.0.0.9" } })).toMatchObject({
      addresses: ["10.0.0.9"],
      phase: "Failed",
    });
  });
});

describe("workloads are one pod each", () => {
  const template = {
    metadata: { labels: { app: "web" } },
    spec: { containers: [{ name: "c", ports: [{ containerPort: 80 }] }] },
  };
  test.each<[string, string, object, number | undefined]>([
    ["apps/v1", "Deployment", { template }, 1],
    ["apps/v1", "Deployment", { replicas: 3, template, strategy: {} }, 3],
    ["apps/v1", "ReplicaSet", { replicas: 0, template }, 0],
    ["apps/v1", "StatefulSet", { replicas: 2, template, serviceName: "x" }, 2],
    ["apps/v1", "DaemonSet", { template }, undefined],
    ["v1", "ReplicationController", { template }, 1],
    ["batch/v1", "Job", { template }, 1],
    ["batch/v1", "Job", { parallelism: 4, template }, 4],
    [
      "batch/v1",
      "CronJob",
      { schedule: "* * * * *", jobTemplate: { spec: { parallelism: 2, template } } },
      2,
    ],
  ])("%s %s %j", (apiVersion, kind, spec, replicas) => {
    expect(
      objectOf({
        apiVersion,
        kind,
        metadata: { name: "web", namespace: "n", labels: { not: "these" } },
        spec,
      }),
    ).toEqual({
      kind: "Pod",
      namespace: "n",
      name: "web",
      labels: { app: "web" },
      addresses: [],
      hostNetwork: false,
      phase: "Pending",
      ports: [{ port: 80, protocol: "TCP" }],
      workload: { kind, name: "web", ...(replicas === undefined ? {} : { replicas }) },
    });
  });
});

test("Namespace carries its own name as a label", () => {
  const labels = { team: "a", "kubernetes.io/metadata.name": "forged" };
  expect(objectOf({ apiVersion: "v1", kind: "Namespace", metadata: { name: "n", labels } })).toEqual({
    kind: "Namespace",
    name: "n",
    labels: { team: "a", "kubernetes.io/metadata.name": "n" },
  });
});

test("Node keeps its addresses, not its names", () => {
  const addresses = [
    { type: "InternalIP", address: "10.0.0.1" },
    { type: "ExternalIP", address: "2001:db8::1" },
    { type: "Hostname", address: "10.0.0.3" },
    { type: "InternalIP", address: "not an address" },
  ];
  expect(
    objectOf({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n" },
      spec: { x: 1 },
      status: { addresses },
    }),
  ).toEqual({
    kind: "Node",
    name: "n",
    addresses: ["10.0.0.1", "2001:db8::1"],
  });
});

describe("Service", () => {
  const service = (spec: unknown) =>
    objectOf({ apiVersion: "v1", kind: "Service", metadata: { name: "s" }, spec });

  test("with everything", () => {
    expect(
      service({
        clusterIPs: ["10.96.0.10", "fd00::a"],
        clusterIP: "10.96.0.10",
        selector: { app: "web" },
        ports: [
          { name: "http", port: 80, targetPort: "web", nodePort: 30080 },
          { name: "dns", port: 53, protocol: "UDP" },
          { name: "alt", port: 81, targetPort: 8081 },
        ],
      }),
    ).toEqual({
      kind: "Service",
      namespace: "default",
      name: "s",
      selector: { app: "web" },
      clusterIPs: ["10.96.0.10", "fd00::a"],
      headless: false,
      ports: [
        { name: "http", protocol: "TCP", port: 80, targetPort: "web", nodePort: 30080 },
        { name: "dns", protocol: "UDP", port: 53, targetPort: 53 },
        { name: "alt", protocol: "TCP", port: 81, targetPort: 8081 },
      ],
    });
  });

  test("headless, without ports", () => {
    expect(service({ clusterIP: "None" })).toMatchObject({ headless: true, clusterIPs: [], ports: [] });
  });
});
