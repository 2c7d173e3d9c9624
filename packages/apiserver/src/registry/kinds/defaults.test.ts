import { afterEach, beforeEach, expect, it } from "vitest";
import { kindsWorld } from "./kinds.testing.ts";

let world: ReturnType<typeof kindsWorld>;
beforeEach(() => {
  world = kindsWorld();
});
afterEach(() => world.server.close());

const containerDefaults = {
  resources: {},
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
};
const podDefaults = {
  dnsPolicy: "ClusterFirst",
  restartPolicy: "Always",
  schedulerName: "default-scheduler",
  securityContext: {},
  terminationGracePeriodSeconds: 30,
};

// What a cluster of 1.34 shows after `kubectl run web --image=nginx`.
it("a pod", () => {
  const pod = world.create("Pod", {
    metadata: { labels: { run: "web" } },
    spec: { containers: [{ name: "web", image: "nginx", resources: {} }] },
  });
  const volumeName = expect.stringMatching(/^kube-api-access-[bcdfghjklmnpqrstvwxz2-9]{5}$/);
  const toleration = (key: string) => ({
    effect: "NoExecute",
    key: `node.kubernetes.io/${key}`,
    operator: "Exists",
    tolerationSeconds: 300,
  });
  expect(pod.spec).toEqual({
    ...podDefaults,
    containers: [
      {
        ...containerDefaults,
        name: "web",
        image: "nginx",
        imagePullPolicy: "Always",
        volumeMounts: [
          {
            mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
            name: volumeName,
            readOnly: true,
          },
        ],
      },
    ],
    enableServiceLinks: true,
    preemptionPolicy: "PreemptLowerPriority",
    priority: 0,
    serviceAccount: "default",
    serviceAccountName: "default",
    tolerations: [toleration("not-ready"), toleration("unreachable")],
    volumes: [
      {
        name: volumeName,
        projected: {
          defaultMode: 420,
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
            { configMap: { items: [{ key: "ca.crt", path: "ca.crt" }], name: "kube-root-ca.crt" } },
            {
              downwardAPI: {
                items: [
                  { fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" }, path: "namespace" },
                ],
              },
            },
          ],
        },
      },
    ],
  });
  expect(pod.status).toEqual({ phase: "Pending", qosClass: "BestEffort" });
});

it("a pod's probes, volumes, environment and resources", () => {
  const { spec } = world.create("Pod", {
    spec: {
      automountServiceAccountToken: false,
      hostNetwork: true,
      containers: [
        {
          name: "web",
          image: "registry.example:5000/team/web:1.2",
          ports: [{ containerPort: 80 }],
          env: [{ name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
          resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m" } },
          livenessProbe: { httpGet: { port: 80 } },
          readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 3 },
          volumeMounts: [{ name: "scratch", mountPath: "/scratch" }],
        },
      ],
      volumes: [
        { name: "scratch" },
        { name: "config", configMap: { name: "c" } },
        { name: "secret", secret: { secretName: "s", defaultMode: 256 } },
        { name: "host", hostPath: { path: "/" } },
      ],
    },
  });
  const probe = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
  expect(spec).toMatchObject({
    containers: [
      {
        imagePullPolicy: "IfNotPresent",
        ports: [{ containerPort: 80, hostPort: 80, protocol: "TCP" }],
        env: [{ name: "IP", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "status.podIP" } } }],
        resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m", memory: "1Gi" } },
        livenessProbe: { ...probe, httpGet: { path: "/", port: 80, scheme: "HTTP" } },
        readinessProbe: { ...probe, periodSeconds: 3, tcpSocket: { port: 80 } },
        volumeMounts: [{ name: "scratch", mountPath: "/scratch" }],
      },
    ],
    volumes: [
      { name: "scratch", emptyDir: {} },
      { name: "config", configMap: { name: "c", defaultMode: 420 } },
      { name: "secret", secret: { secretName: "s", defaultMode: 256 } },
      { name: "host", hostPath: { path: "/", type: "" } },
    ],
  });
});

it.each([
  [[{}], "BestEffort"],
  [[{ requests: { cpu: "1" } }], "Burstable"],
  [[{ limits: { cpu: "1" } }], "Burstable"],
  [[{ limits: { cpu: "1", memory: "1Gi" } }], "Guaranteed"],
  [[{ limits: { cpu: "1", memory: "1Gi" } }, {}], "Burstable"],
])("a pod with resources %j is %s", (resources, qosClass) => {
  const containers = resources.map((each, i) => ({ name: `c${i}`, image: "nginx", resources: each }));
  expect(world.create("Pod", { spec: { containers } }).status).toMatchObject({ qosClass });
});

it.each([
  ["nginx", "Always"],
  ["nginx:latest", "Always"],
  ["nginx:1.27", "IfNotPresent"],
  ["localhost:5000/nginx", "Always"],
  ["localhost:5000/nginx:1", "IfNotPresent"],
  ["nginx@sha256:0000", "IfNotPresent"],
])("%s is pulled %s", (image, imagePullPolicy) => {
  const { spec } = world.create("Pod", { spec: { containers: [{ name: "web", image }] } });
  expect(spec).toMatchObject({ containers: [{ imagePullPolicy }] });
});

const template = (labels: Record<string, string>, more: object = {}) => ({
  metadata: { labels },
  spec: { containers: [{ name: "nginx", image: "nginx:1" }], ...more },
});
const filledTemplate = (labels: Record<string, string>, more: object = {}) => ({
  metadata: { labels },
  spec: {
    ...podDefaults,
    containers: [{ ...containerDefaults, name: "nginx", image: "nginx:1", imagePullPolicy: "IfNotPresent" }],
    ...more,
  },
});
const app = { app: "web" };
const selector = { matchLabels: app };

// What a cluster shows after `kubectl create deployment web --image=nginx:1`.
it("a Deployment", () => {
  const deployment = world.create("Deployment", {
    spec: { selector, template: template(app), strategy: {} },
  });
  expect(deployment.spec).toEqual({
    progressDeadlineSeconds: 600,
    replicas: 1,
    revisionHistoryLimit: 10,
    selector,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
    template: filledTemplate(app),
  });
  expect(deployment.status).toEqual({});
  const recreated = world.create(
    "Deployment",
    { spec: { selector, template: template(app), strategy: { type: "Recreate" } } },
    "other",
  );
  expect(recreated.spec).toMatchObject({ strategy: { type: "Recreate" } });
  expect(recreated.spec).not.toHaveProperty("strategy.rollingUpdate");
});

it("the other workloads", () => {
  const spec = { selector, template: template(app) };
  const filled = { selector, template: filledTemplate(app) };
  expect(world.create("ReplicaSet", { spec }).spec).toEqual({ ...filled, replicas: 1 });
  expect(world.create("DaemonSet", { spec }).spec).toEqual({
    ...filled,
    revisionHistoryLimit: 10,
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
  });
  expect(world.create("StatefulSet", { spec: { ...spec, serviceName: "db" } }).spec).toEqual({
    ...filled,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    podManagementPolicy: "OrderedReady",
    replicas: 1,
    revisionHistoryLimit: 10,
    serviceName: "db",
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
  });
  const controller = world.create("ReplicationController", { spec: { template: template(app) } });
  expect(controller).toMatchObject({ metadata: { labels: app }, spec: { replicas: 1, selector: app } });
});

it("a Job is tied to its pods by its uid", () => {
  const job = world.create("Job", { spec: { template: template({}, { restartPolicy: "Never" }) } }, "pi");
  const { uid } = job.metadata;
  const labels = {
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": "pi",
    "controller-uid": uid,
    "job-name": "pi",
  };
  expect(job.metadata.labels).toEqual(labels);
  expect(job.spec).toEqual({
    backoffLimit: 6,
    completionMode: "NonIndexed",
    completions: 1,
    parallelism: 1,
    podReplacementPolicy: "TerminatingOrFailed",
    selector: { matchLabels: { "batch.kubernetes.io/controller-uid": uid } },
    suspend: false,
    template: filledTemplate(labels as Record<string, string>, { restartPolicy: "Never" }),
  });
  // kubectl sends back what it read, with another parallelism.
  const scaled = world.update("Job", { spec: { ...(job.spec as object), parallelism: 2 } }, "pi");
  expect(scaled.spec).toMatchObject({ parallelism: 2 });
});

it("services of every type", () => {
  const ports = [{ port: 80 }];
  const nodePort = world.create("Service", { spec: { type: "NodePort", ports } });
  expect(nodePort.spec).toMatchObject({
    externalTrafficPolicy: "Cluster",
    internalTrafficPolicy: "Cluster",
    ports: [{ port: 80, protocol: "TCP", targetPort: 80, nodePort: 30086 }],
  });
  const balanced = world.create(
    "Service",
    { spec: { type: "LoadBalancer", ports, sessionAffinity: "ClientIP" } },
    "lb",
  );
  expect(balanced.spec).toMatchObject({
    allocateLoadBalancerNodePorts: true,
    ports: [{ nodePort: 30087 }],
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
  });
  expect(balanced.status).toEqual({ loadBalancer: {} });
});

it("secrets take texts, and other kinds what they have", () => {
  expect(
    world.create("Secret", { stringData: { password: "s3cret" }, data: { user: "YQ==" } }),
  ).toMatchObject({
    type: "Opaque",
    data: { user: "YQ==", password: "czNjcmV0" },
  });
  expect(world.registry.get(world.defOf("Secret"), "web", "default")).not.toHaveProperty("stringData");
  const scaleTargetRef = { kind: "Deployment", name: "web" };
  expect(world.create("HorizontalPodAutoscaler", { spec: { scaleTargetRef, maxReplicas: 3 } }).spec).toEqual({
    scaleTargetRef,
    minReplicas: 1,
    maxReplicas: 3,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
      },
    ],
  });
});
