import type { Namespace, NetworkPolicy, Pod } from "@portcullis/engine";
import { manifestOf } from "./synthetic-manifest.ts";

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec?: Readonly<Record<string, unknown>> & { readonly containers?: readonly object[] };
  readonly status?: Readonly<Record<string, unknown>>;
}

/** An object's JSON as an API server sends it: a pod's has some 5 kB, of which policies depend on a tenth. */
export function servedText(object: Namespace | Pod | NetworkPolicy, revision: number): string {
  const { metadata, spec, status, ...head } = manifestOf(object) as Manifest;
  const full = {
    ...head,
    metadata: {
      ...metadata,
      uid: `7b2a41f0-9c55-4e2f-a1c1-${String(revision).padStart(12, "0")}`,
      resourceVersion: String(revision),
      creationTimestamp: "2026-01-31T12:00:00Z",
      ...(object.kind === "Pod" ? podMetadata : {}),
      managedFields,
    },
    ...(spec === undefined ? {} : { spec: object.kind === "Pod" ? { ...spec, ...podSpec(spec) } : spec }),
    ...(object.kind === "Pod" ? { status: { ...status, ...podStatus } } : {}),
  };
  return JSON.stringify(full);
}

const podMetadata = {
  generateName: "workload-5d8f7b6c9d-",
  annotations: {
    "kubectl.kubernetes.io/restartedAt": "2026-01-31T12:00:00Z",
    "prometheus.io/scrape": "true",
    "prometheus.io/port": "8080",
  },
  ownerReferences: [
    {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      name: "workload-5d8f7b6c9d",
      uid: "0e5b2f5e-7d4a-4b3e-8f6a-2b1c3d4e5f60",
      controller: true,
      blockOwnerDeletion: true,
    },
  ],
};

/** Of two managers, as client libraries and the kubelet leave them. */
const managedFields = [
  {
    manager: "kube-controller-manager",
    operation: "Update",
    apiVersion: "v1",
    time: "2026-01-31T12:00:00Z",
    fieldsType: "FieldsV1",
    fieldsV1: {
      "f:metadata": {
        "f:generateName": {},
        "f:labels": { ".": {}, "f:app": {}, "f:tier": {}, "f:team": {} },
      },
      "f:spec": {
        "f:containers": {
          'k:{"name":"c"}': {
            ".": {},
            "f:env": {},
            "f:image": {},
            "f:imagePullPolicy": {},
            "f:livenessProbe": { ".": {}, "f:failureThreshold": {}, "f:httpGet": { ".": {}, "f:path": {} } },
            "f:resources": { ".": {}, "f:limits": { ".": {}, "f:cpu": {}, "f:memory": {} } },
            "f:terminationMessagePath": {},
            "f:volumeMounts": { ".": {}, 'k:{"mountPath":"/data"}': { ".": {}, "f:name": {} } },
          },
        },
        "f:dnsPolicy": {},
        "f:enableServiceLinks": {},
        "f:restartPolicy": {},
        "f:schedulerName": {},
        "f:terminationGracePeriodSeconds": {},
      },
    },
  },
  {
    manager: "kubelet",
    operation: "Update",
    apiVersion: "v1",
    time: "2026-01-31T12:00:05Z",
    fieldsType: "FieldsV1",
    fieldsV1: {
      "f:status": {
        "f:conditions": {},
        "f:containerStatuses": {},
        "f:hostIP": {},
        "f:podIP": {},
        "f:podIPs": {},
      },
    },
    subresource: "status",
  },
];

function podSpec({ containers = [] }: { readonly containers?: readonly object[] }) {
  const probe = {
    httpGet: { path: "/healthz", port: 8080, scheme: "HTTP" },
    initialDelaySeconds: 5,
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  };
  return {
    containers: containers.map((container) => ({
      ...container,
      env: Array.from({ length: 12 }, (_, i) => ({ name: `SETTING_${i}`, value: `some value of it ${i}` })),
      resources: { limits: { cpu: "500m", memory: "256Mi" }, requests: { cpu: "100m", memory: "128Mi" } },
      volumeMounts: [
        { name: "data", mountPath: "/data" },
        {
          name: "kube-api-access-x7k2p",
          readOnly: true,
          mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
        },
      ],
      livenessProbe: probe,
      readinessProbe: probe,
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
      imagePullPolicy: "IfNotPresent",
    })),
    volumes: [
      { name: "data", emptyDir: {} },
      {
        name: "kube-api-access-x7k2p",
        projected: {
          sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: "token" } }],
          defaultMode: 420,
        },
      },
    ],
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    serviceAccountName: "default",
    serviceAccount: "default",
    securityContext: {},
    schedulerName: "default-scheduler",
    tolerations: ["not-ready", "unreachable"].map((key) => ({
      key: `node.kubernetes.io/${key}`,
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: 300,
    })),
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: "PreemptLowerPriority",
  };
}

const podStatus = {
  conditions: ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map(
    (type) => ({
      type,
      status: "True",
      lastProbeTime: null,
      lastTransitionTime: "2026-01-31T12:00:05Z",
    }),
  ),
  hostIP: "192.168.0.10",
  startTime: "2026-01-31T12:00:00Z",
  containerStatuses: [
    {
      name: "c",
      state: { running: { startedAt: "2026-01-31T12:00:04Z" } },
      lastState: {},
      ready: true,
      restartCount: 0,
      image: "registry.k8s.io/pause:3.10",
      imageID:
        "registry.k8s.io/pause@sha256:ee6521f290b2168b6e0935a181d4cff9be1ac3f505666ef0e3c98fae8199917a",
      containerID: "containerd://3f1c0b7a5d9e8c6b4a2f0d1e3c5b7a9f8e6d4c2b0a1f3e5d7c9b8a6f4e2d0c1b",
      started: true,
    },
  ],
  qosClass: "Burstable",
};
