import { afterAll, describe, expect, it } from "vitest";
import type { ApiObject } from "../../api-object.ts";
import { kindsWorld, now } from "./kinds.testing.ts";

const world = kindsWorld();
afterAll(() => world.server.close());

type Fields = Readonly<Record<string, unknown>>;

/** The row of an object that is two minutes old, all columns by name; those of `-o wide` in parentheses. */
function row(kind: string, fields: Fields): Record<string, unknown> {
  const { metadata, ...rest } = fields;
  const object = {
    apiVersion: "v1",
    kind,
    metadata: { name: "web", creationTimestamp: "2026-01-02T03:02:05Z", ...(metadata as object) },
    ...rest,
  } as ApiObject;
  const columns = world.defOf(kind).columns.map(({ name, priority, cell }) => {
    return [priority === 0 ? name : `(${name})`, cell(object, now)] as const;
  });
  return Object.fromEntries(columns);
}

const template = {
  spec: {
    containers: [
      { name: "a", image: "nginx:1" },
      { name: "b", image: "busybox" },
    ],
  },
};
const selector = { matchLabels: { app: "web" } };
const wide = { "(Containers)": "a,b", "(Images)": "nginx:1,busybox" };

const rows: readonly [string, Fields, Fields][] = [
  [
    "Pod",
    {
      spec: {
        nodeName: "n1",
        containers: [{ name: "a" }],
        readinessGates: [{ conditionType: "x" }, { conditionType: "y" }],
      },
      status: {
        phase: "Running",
        podIP: "10.0.0.1",
        podIPs: [{ ip: "10.0.0.1" }],
        conditions: [{ type: "x", status: "True" }],
        containerStatuses: [
          {
            name: "a",
            ready: true,
            restartCount: 3,
            state: { running: {} },
            lastState: { terminated: { finishedAt: "2026-01-02T03:04:00Z" } },
          },
        ],
      },
    },
    {
      Name: "web",
      Ready: "1/1",
      Status: "Running",
      Restarts: "3 (5s ago)",
      Age: "2m",
      "(IP)": "10.0.0.1",
      "(Node)": "n1",
      "(Nominated Node)": "<none>",
      "(Readiness Gates)": "1/2",
    },
  ],
  [
    "Service",
    {
      spec: {
        type: "NodePort",
        clusterIPs: ["10.96.0.7"],
        selector: { b: "2", a: "1" },
        ports: [
          { port: 80, nodePort: 30080, protocol: "TCP" },
          { port: 53, protocol: "UDP" },
        ],
      },
    },
    {
      Name: "web",
      Type: "NodePort",
      "Cluster-IP": "10.96.0.7",
      "External-IP": "<none>",
      "Port(s)": "80:30080/TCP,53/UDP",
      Age: "2m",
      "(Selector)": "a=1,b=2",
    },
  ],
  [
    "Service",
    { spec: { type: "LoadBalancer", clusterIPs: ["10.96.0.7"], ports: [] } },
    {
      Name: "web",
      Type: "LoadBalancer",
      "Cluster-IP": "10.96.0.7",
      "External-IP": "<pending>",
      "Port(s)": "<none>",
      Age: "2m",
      "(Selector)": "<none>",
    },
  ],
  [
    "Service",
    { spec: { type: "ExternalName", externalName: "example.com" } },
    {
      Name: "web",
      Type: "ExternalName",
      "Cluster-IP": "<none>",
      "External-IP": "example.com",
      "Port(s)": "<none>",
      Age: "2m",
      "(Selector)": "<none>",
    },
  ],
  [
    "Deployment",
    {
      spec: { replicas: 3, template, selector },
      status: { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 },
    },
    { Name: "web", Ready: "1/3", "Up-to-date": 2, Available: 1, Age: "2m", ...wide, "(Selector)": "app=web" },
  ],
  [
    "ReplicaSet",
    { spec: { replicas: 3, template, selector }, status: { replicas: 2, readyReplicas: 1 } },
    { Name: "web", Desired: 3, Current: 2, Ready: 1, Age: "2m", ...wide, "(Selector)": "app=web" },
  ],
  [
    "ReplicationController",
    { spec: { replicas: 1, template, selector: { app: "web" } } },
    { Name: "web", Desired: 1, Current: 0, Ready: 0, Age: "2m", ...wide, "(Selector)": "app=web" },
  ],
  [
    "StatefulSet",
    { spec: { replicas: 2, template }, status: { readyReplicas: 1 } },
    { Name: "web", Ready: "1/2", Age: "2m", ...wide },
  ],
  [
    "DaemonSet",
    {
      spec: { template: { spec: { ...template.spec, nodeSelector: { disk: "ssd" } } }, selector },
      status: {
        desiredNumberScheduled: 5,
        currentNumberScheduled: 4,
        numberReady: 3,
        updatedNumberScheduled: 2,
        numberAvailable: 1,
      },
    },
    {
      Name: "web",
      Desired: 5,
      Current: 4,
      Ready: 3,
      "Up-to-date": 2,
      Available: 1,
      "Node Selector": "disk=ssd",
      Age: "2m",
      ...wide,
      "(Selector)": "app=web",
    },
  ],
  [
    "Job",
    {
      spec: { completions: 3, template, selector },
      status: {
        succeeded: 3,
        startTime: "2026-01-02T03:02:05Z",
        completionTime: "2026-01-02T03:02:15Z",
        conditions: [{ type: "Complete", status: "True" }],
      },
    },
    {
      Name: "web",
      Status: "Complete",
      Completions: "3/3",
      Duration: "10s",
      Age: "2m",
      ...wide,
      "(Selector)": "app=web",
    },
  ],
  [
    "Job",
    { spec: { parallelism: 2, template }, status: { startTime: "2026-01-02T03:03:05Z" } },
    {
      Name: "web",
      Status: "Running",
      Completions: "0/1 of 2",
      Duration: "60s",
      Age: "2m",
      ...wide,
      "(Selector)": "<none>",
    },
  ],
  [
    "CronJob",
    {
      spec: { schedule: "*/5 * * * *", jobTemplate: { spec: { template } } },
      status: { active: [{}], lastScheduleTime: "2026-01-02T03:03:55Z" },
    },
    {
      Name: "web",
      Schedule: "*/5 * * * *",
      Timezone: "<none>",
      Suspend: "False",
      Active: 1,
      "Last Schedule": "10s",
      Age: "2m",
      ...wide,
      "(Selector)": "<none>",
    },
  ],
  [
    "Node",
    {
      metadata: { labels: { "node-role.kubernetes.io/control-plane": "", "kubernetes.io/role": "edge" } },
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: "Ready", status: "True" }],
        addresses: [{ type: "InternalIP", address: "192.0.2.1" }],
        nodeInfo: { kubeletVersion: "v1.34.0", kernelVersion: "6.1.0" },
      },
    },
    {
      Name: "web",
      Status: "Ready,SchedulingDisabled",
      Roles: "control-plane,edge",
      Age: "2m",
      Version: "v1.34.0",
      "(Internal-IP)": "192.0.2.1",
      "(External-IP)": "<none>",
      "(OS-Image)": "<unknown>",
      "(Kernel-Version)": "6.1.0",
      "(Container-Runtime)": "<unknown>",
    },
  ],
  ["Namespace", { status: { phase: "Active" } }, { Name: "web", Status: "Active", Age: "2m" }],
  ["ConfigMap", { data: { a: "" }, binaryData: { b: "" } }, { Name: "web", Data: 2, Age: "2m" }],
  ["Secret", { type: "Opaque", data: { a: "" } }, { Name: "web", Type: "Opaque", Data: 1, Age: "2m" }],
  [
    "Event",
    {
      type: "Warning",
      reason: "BackOff",
      message: " Back-off restarting ",
      count: 4,
      involvedObject: { kind: "Pod", name: "web", fieldPath: "spec.containers{a}" },
      source: { component: "kubelet", host: "n1" },
      firstTimestamp: "2026-01-02T03:02:05Z",
      lastTimestamp: "2026-01-02T03:04:00Z",
    },
    {
      "Last Seen": "5s",
      Type: "Warning",
      Reason: "BackOff",
      Object: "pod/web",
      "(Subobject)": "spec.containers{a}",
      "(Source)": "kubelet, n1",
      Message: "Back-off restarting",
      "(First Seen)": "2m",
      "(Count)": 4,
      "(Name)": "web",
    },
  ],
  [
    "Endpoints",
    {
      subsets: [
        { addresses: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }], ports: [{ port: 80 }, { port: 81 }] },
        { addresses: [{ ip: "10.0.0.2" }] },
      ],
    },
    { Name: "web", Endpoints: "10.0.0.1:80,[fd00::1]:80,10.0.0.1:81 + 2 more...", Age: "2m" },
  ],
  [
    "EndpointSlice",
    {
      addressType: "IPv4",
      ports: [{ port: 80 }, { name: "any" }, {}],
      endpoints: [{ addresses: ["10.0.0.1"] }, { addresses: ["10.0.0.2"] }],
    },
    { Name: "web", AddressType: "IPv4", Ports: "80,any,*", Endpoints: "10.0.0.1,10.0.0.2", Age: "2m" },
  ],
  [
    "EndpointSlice",
    { addressType: "IPv4", ports: [], endpoints: [] },
    { Name: "web", AddressType: "IPv4", Ports: "<unset>", Endpoints: "<unset>", Age: "2m" },
  ],
  [
    "NetworkPolicy",
    {
      spec: {
        podSelector: {
          matchLabels: { z: "1" },
          matchExpressions: [
            { key: "a", operator: "In", values: ["y", "x"] },
            { key: "b", operator: "DoesNotExist" },
            { key: "c", operator: "Exists" },
          ],
        },
      },
    },
    { Name: "web", "Pod-Selector": "a in (x,y),!b,c,z=1", Age: "2m" },
  ],
  ["NetworkPolicy", { spec: { podSelector: {} } }, { Name: "web", "Pod-Selector": "<none>", Age: "2m" }],
  [
    "Ingress",
    {
      spec: {
        rules: [{ host: "a" }, { host: "b" }, { host: "c" }, { host: "d" }],
        tls: [{}],
        ingressClassName: "x",
      },
      status: { loadBalancer: { ingress: [{ ip: "192.0.2.2" }, { hostname: "lb" }] } },
    },
    {
      Name: "web",
      Class: "x",
      Hosts: "a,b,c + 1 more...",
      Address: "192.0.2.2,lb",
      Ports: "80, 443",
      Age: "2m",
    },
  ],
  [
    "IngressClass",
    { spec: { controller: "example.com/c", parameters: { apiGroup: "g", kind: "K", name: "n" } } },
    { Name: "web", Controller: "example.com/c", Parameters: "K.g/n", Age: "2m" },
  ],
  [
    "PersistentVolumeClaim",
    {
      spec: { volumeName: "v", storageClassName: "fast", volumeMode: "Filesystem" },
      status: {
        phase: "Bound",
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteMany", "ReadWriteOnce"],
      },
    },
    {
      Name: "web",
      Status: "Bound",
      Volume: "v",
      Capacity: "1Gi",
      "Access Modes": "RWO,RWX",
      StorageClass: "fast",
      VolumeAttributesClass: "<unset>",
      Age: "2m",
      "(VolumeMode)": "Filesystem",
    },
  ],
  [
    "PersistentVolume",
    {
      metadata: { deletionTimestamp: "2026-01-02T03:04:05Z" },
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteOncePod"],
        persistentVolumeReclaimPolicy: "Retain",
        claimRef: { namespace: "default", name: "data" },
      },
      status: { phase: "Bound" },
    },
    {
      Name: "web",
      Capacity: "1Gi",
      "Access Modes": "RWOP",
      "Reclaim Policy": "Retain",
      Status: "Terminating",
      Claim: "default/data",
      StorageClass: "",
      VolumeAttributesClass: "<unset>",
      Reason: "",
      Age: "2m",
      "(VolumeMode)": "<unset>",
    },
  ],
  [
    "ResourceQuota",
    {
      status: {
        hard: { pods: "10", "limits.cpu": "4", "requests.cpu": "2" },
        used: { pods: "3", "requests.cpu": "1" },
      },
    },
    { Name: "web", Request: "pods: 3/10, requests.cpu: 1/2", Limit: "limits.cpu: 0/4", Age: "2m" },
  ],
  ["LimitRange", {}, { Name: "web", "Created At": "2026-01-02T03:02:05Z" }],
  ["Lease", { spec: { holderIdentity: "n1" } }, { Name: "web", Holder: "n1", Age: "2m" }],
  [
    "PodDisruptionBudget",
    { spec: { maxUnavailable: "30%" }, status: { disruptionsAllowed: 1 } },
    { Name: "web", "Min Available": "N/A", "Max Unavailable": "30%", "Allowed Disruptions": 1, Age: "2m" },
  ],
  [
    "HorizontalPodAutoscaler",
    {
      spec: {
        scaleTargetRef: { kind: "Deployment", name: "web" },
        maxReplicas: 5,
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { averageUtilization: 80 } } },
          { type: "Pods", pods: { target: { averageValue: "10" } } },
          { type: "Object", object: { target: { value: "7" } } },
        ],
      },
      status: {
        currentReplicas: 2,
        currentMetrics: [{ type: "Resource", resource: { current: { averageUtilization: 12 } } }],
      },
    },
    {
      Name: "web",
      Reference: "Deployment/web",
      Targets: "cpu: 12%/80%, <unknown>/10 + 1 more...",
      MinPods: "<unset>",
      MaxPods: 5,
      Replicas: 2,
      Age: "2m",
    },
  ],
  [
    "StorageClass",
    {
      metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: "p",
      reclaimPolicy: "Delete",
      volumeBindingMode: "Immediate",
    },
    {
      Name: "web (default)",
      Provisioner: "p",
      ReclaimPolicy: "Delete",
      VolumeBindingMode: "Immediate",
      AllowVolumeExpansion: false,
      Age: "2m",
    },
  ],
  [
    "PriorityClass",
    { value: 10, preemptionPolicy: "Never" },
    { Name: "web", Value: 10, "Global-Default": false, Age: "2m", PreemptionPolicy: "Never" },
  ],
  ["RuntimeClass", { handler: "kata" }, { Name: "web", Handler: "kata", Age: "2m" }],
  [
    "PodTemplate",
    { template: { metadata: { labels: { a: "1" } }, ...template } },
    { Name: "web", Containers: "a,b", Images: "nginx:1,busybox", "Pod Labels": "a=1" },
  ],
  [
    "ControllerRevision",
    {
      revision: 2,
      metadata: {
        ownerReferences: [{ apiVersion: "apps/v1", kind: "StatefulSet", name: "db", controller: true }],
      },
    },
    { Name: "web", Controller: "statefulset.apps/db", Revision: 2, Age: "2m" },
  ],
];

describe("the row of", () => {
  it.each(rows)("%s", (kind, fields, expected) => {
    const shown = row(kind, fields);
    expect(shown).toEqual(expected);
    expect(Object.keys(shown)).toEqual(Object.keys(expected));
  });
});
