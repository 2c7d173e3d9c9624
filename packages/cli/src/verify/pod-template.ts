import type { KubeObject } from "@portcullis/kube";

/** What makes a workload's pods, as far as a stand-in needs it. The engine has found the object valid. */
export interface PodTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly hostNetwork: boolean;
  readonly ports: readonly TemplatePort[];
}

export interface TemplatePort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol: "TCP" | "UDP" | "SCTP";
}

/** The pods that an object stands for. */
export interface PodSource {
  readonly kind: string;
  readonly template: PodTemplate;
  /** As the manifest has it; undefined for a bare pod, and for a DaemonSet, which has one for each node. */
  readonly replicas?: number;
}

interface RawTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly hostNetwork?: boolean;
    readonly containers?: readonly RawContainer[];
    readonly initContainers?: readonly (RawContainer & { readonly restartPolicy?: string })[];
  };
}

interface RawContainer {
  readonly ports?: readonly {
    readonly name?: string;
    readonly containerPort: number;
    readonly protocol?: string;
  }[];
}

interface RawWorkloadSpec {
  readonly replicas?: number;
  readonly parallelism?: number;
  readonly template?: RawTemplate;
  readonly jobTemplate?: { readonly spec?: RawWorkloadSpec };
}

/** Where each kind keeps its template and number of pods; undefined for a kind that makes no pods. */
export function podSourceOf(object: KubeObject): PodSource | undefined {
  const { kind } = object;
  const spec = (object.spec ?? {}) as RawWorkloadSpec;
  switch (kind) {
    case "Pod":
      return { kind, template: templateOf(object as RawTemplate) };
    case "Deployment":
    case "ReplicaSet":
    case "StatefulSet":
    case "ReplicationController":
      return { kind, template: templateOf(spec.template), replicas: spec.replicas ?? 1 };
    case "DaemonSet":
      return { kind, template: templateOf(spec.template) };
    case "Job":
      return { kind, template: templateOf(spec.template), replicas: spec.parallelism ?? 1 };
    case "CronJob": {
      const job = spec.jobTemplate?.spec;
      return { kind, template: templateOf(job?.template), replicas: job?.parallelism ?? 1 };
    }
    default:
      return undefined;
  }
}

function templateOf({ metadata, spec = {} }: RawTemplate = {}): PodTemplate {
  const { containers = [], initContainers = [], hostNetwork = false } = spec;
  // Init containers run on only when they restart.
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === "Always");
  const ports = [...containers, ...sidecars].flatMap((container) =>
    (container.ports ?? []).map(
      ({ name, containerPort, protocol }): TemplatePort => ({
        containerPort,
        protocol: (protocol || "TCP") as TemplatePort["protocol"],
        ...(name ? { name } : {}),
      }),
    ),
  );
  return { labels: metadata?.labels ?? {}, hostNetwork, ports };
}
