import type { KubeObject } from "@portcullis/kube";
import { type PodSource, type PodTemplate, podSourceOf } from "./pod-template.ts";
import { standInContainers } from "./stand-in-containers.ts";

/** One pod of the sandbox, and what of the manifests it stands for. */
export interface StandInPod {
  readonly object: KubeObject;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly workload?: { readonly kind: string; readonly name: string };
  /** What it is summed up under: `namespace/name` of its workload, or its own. */
  readonly group: string;
}

export interface ExpandedPods {
  /** By name. */
  readonly pods: readonly StandInPod[];
  readonly notes: readonly string[];
  readonly notProbed: readonly { readonly what: string; readonly why: string }[];
}

interface Owner {
  readonly kind?: string;
  readonly name?: string;
  readonly controller?: boolean;
}

/** The pods that the objects make: bare ones under their names, those of workloads numbered. */
export function expandPods(objects: readonly KubeObject[], maxReplicas: number): ExpandedPods {
  const expansion = new Expansion(objects, maxReplicas);
  // Bare pods first: they keep their names, and others give way.
  for (const object of objects) if (object.kind === "Pod") expansion.add(object);
  for (const object of objects) if (object.kind !== "Pod") expansion.add(object);
  return expansion.result();
}

class Expansion {
  readonly #pods = new Map<string, StandInPod>();
  readonly #notes: string[] = [];
  readonly #notProbed: { what: string; why: string }[] = [];
  readonly #present: ReadonlySet<string>;
  readonly #shared: ReadonlySet<string>;
  readonly #maxReplicas: number;

  constructor(objects: readonly KubeObject[], maxReplicas: number) {
    this.#maxReplicas = maxReplicas;
    this.#present = new Set(objects.map((object) => `${object.kind} ${keyOf(object)}`));
    const makers = objects.filter((object) => podSourceOf(object) !== undefined).map(keyOf);
    this.#shared = new Set(makers.filter((key, index) => makers.indexOf(key) !== index));
  }

  add(object: KubeObject): void {
    const source = podSourceOf(object);
    if (source === undefined) return;
    const what = `${object.kind} ${keyOf(object)}`;
    const why = this.#whyNot(object, source);
    if (why !== undefined) {
      this.#notProbed.push({ what, why });
      return;
    }
    const sctp = source.template.ports.filter(({ protocol }) => protocol === "SCTP");
    if (sctp.length > 0) {
      const ports = sctp.map(({ containerPort }) => containerPort).join(", ");
      this.#notProbed.push({ what: `${what}, SCTP ${ports}`, why: "stand-ins speak TCP and UDP only" });
    }
    if (source.kind === "Pod") this.#put(object, source, object.metadata.name, {});
    else this.#replicas(object, source, what);
  }

  result(): ExpandedPods {
    const pods = [...this.#pods].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pod]) => pod);
    return { pods, notes: this.#notes, notProbed: this.#notProbed };
  }

  #whyNot(object: KubeObject, { template, replicas }: PodSource): string | undefined {
    if (template.hostNetwork) {
      return "it uses its node's network, where policies neither select it nor match it by its labels";
    }
    if (replicas === 0) return "it has no replicas";
    const { phase } = (object.status ?? {}) as { phase?: string };
    if (object.kind === "Pod" && (phase === "Succeeded" || phase === "Failed")) {
      return `it is ${phase}, and has no network any more`;
    }
    const owners = (object.metadata.ownerReferences ?? []) as readonly Owner[];
    const owner = owners.find(({ controller }) => controller === true);
    const ownerKey = `${owner?.kind} ${object.metadata.namespace ?? "default"}/${owner?.name}`;
    if (this.#present.has(ownerKey)) return `its owner ${ownerKey} is here and makes pods like it`;
    return undefined;
  }

  #replicas(object: KubeObject, source: PodSource, what: string): void {
    const { kind, replicas = 1 } = source;
    const run = Math.min(replicas, this.#maxReplicas);
    if (run < replicas) this.#notes.push(`${what}: ${run} of its ${replicas} replicas run (--max-replicas)`);
    if (kind === "DaemonSet") this.#notes.push(`${what}: one pod, for the sandbox's one node`);
    for (let index = 0; index < run; index++) {
      // A StatefulSet counts from 0, and its pods' names are part of the API.
      const number = kind === "StatefulSet" ? index : index + 1;
      const name = this.#freeName(object, kind, number);
      this.#put(object, source, name, identityLabels(kind, object.metadata.name, name, number));
    }
  }

  #freeName({ metadata }: KubeObject, kind: string, number: number): string {
    const namespace = metadata.namespace ?? "default";
    // A pod's name ends after 253 characters.
    const short = metadata.name.slice(0, 220).replace(/[-.]+$/, "");
    const candidates = [`${short}-${number}`, `${short}-${kind.toLowerCase()}-${number}`];
    for (let more = 2; ; more++) {
      const name = candidates.shift() ?? `${short}-${kind.toLowerCase()}-${number}-${more}`;
      if (!this.#pods.has(`${namespace}/${name}`)) return name;
    }
  }

  #put(
    object: KubeObject,
    { kind, template }: PodSource,
    name: string,
    extra: Readonly<Record<string, string>>,
  ): void {
    const namespace = object.metadata.namespace ?? "default";
    const labels = { ...template.labels, ...extra };
    const own = `${namespace}/${object.metadata.name}`;
    this.#pods.set(`${namespace}/${name}`, {
      object: podObject(namespace, name, labels, template),
      namespace,
      name,
      labels,
      ...(kind === "Pod" ? {} : { workload: { kind, name: object.metadata.name } }),
      group: this.#shared.has(own) ? `${namespace}/${kind.toLowerCase()}/${object.metadata.name}` : own,
    });
  }
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? "default"}/${metadata.name}`;

function podObject(
  namespace: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  template: PodTemplate,
): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, labels },
    spec: { containers: standInContainers(template.ports), terminationGracePeriodSeconds: 0 },
  };
}

/** Labels that a controller gives each of its pods and that can be known beforehand; policies may select them. */
function identityLabels(
  kind: string,
  owner: string,
  pod: string,
  number: number,
): Readonly<Record<string, string>> {
  if (kind === "StatefulSet") {
    return { "statefulset.kubernetes.io/pod-name": pod, "apps.kubernetes.io/pod-index": String(number) };
  }
  if (kind === "Job") return { "batch.kubernetes.io/job-name": owner, "job-name": owner };
  return {};
}
