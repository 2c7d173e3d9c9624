import type { Cluster } from "../../cluster/cluster.ts";
import { groupBy } from "../../group-by.ts";
import type { LabelSelector, Labels } from "../../model/labels.ts";
import type { Pod } from "../../model/objects.ts";
import { cronJobOf } from "../recorded-ends.ts";
import { chooseSelector } from "./choose-selector.ts";

/** Pods that policies treat as one: those of a workload, or of several that no label tells apart. */
export interface Group {
  /** `namespace/` and the first of its names. */
  readonly key: string;
  readonly namespace: string;
  /** `Deployment/web`, or a pod's own name; sorted. */
  readonly names: readonly string[];
  readonly pods: readonly Pod[];
  /** Selects exactly these pods of the namespace. */
  readonly selector: LabelSelector;
}

/** The workloads of a cluster with the selectors that they can be meant by. A namespace is looked at when it is asked for. */
export class Workloads {
  readonly #cluster: Cluster;
  readonly #namespaces = new Map<string, NamespaceWorkloads>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Undefined for a pod on its node's network, which no selector finds. */
  groupOf(pod: Pod): Group | undefined {
    return pod.hostNetwork ? undefined : this.#namespace(pod.namespace).groupOf(pod);
  }

  /** All of a namespace, by name. */
  in(namespace: string): readonly Group[] {
    return this.#namespace(namespace).all();
  }

  #namespace(name: string): NamespaceWorkloads {
    let known = this.#namespaces.get(name);
    if (known === undefined) {
      known = new NamespaceWorkloads(
        name,
        this.#cluster.pods(name).filter(({ hostNetwork }) => !hostNetwork),
      );
      this.#namespaces.set(name, known);
    }
    return known;
  }
}

/** `Deployment/web`, `CronJob/backup` for the pods of its Jobs, and the pod's name where nothing made it. */
function workloadName({ name, workload, owner }: Pod): string {
  const made = workload ?? owner;
  if (made === undefined) return name;
  const own = `${made.kind}/${made.name}`;
  return cronJobOf(own) ?? own;
}

class NamespaceWorkloads {
  readonly #namespace: string;
  readonly #byName: ReadonlyMap<string, readonly Pod[]>;
  readonly #groups: ReadonlyMap<string, Group>;

  constructor(namespace: string, pods: readonly Pod[]) {
    this.#namespace = namespace;
    this.#byName = groupBy(pods, workloadName);
    this.#groups = this.#merge();
  }

  groupOf(pod: Pod): Group | undefined {
    return this.#groups.get(workloadName(pod));
  }

  all(): readonly Group[] {
    return [...new Set([...this.#byName.keys()].sort().map((name) => this.#groups.get(name)!))];
  }

  /**
   * Begins with each workload for itself, and joins it with what no selector tells from it, until every group has a
   * selector of its own. A group that grows loses ways to be told apart and never gains one, so the order does not matter.
   */
  #merge(): ReadonlyMap<string, Group> {
    const kinds = [...this.#byName].flatMap(([name, pods]) =>
      distinctLabels(pods).map((labels) => ({ name, labels })),
    );
    const membership = new Map([...this.#byName.keys()].map((name) => [name, new Set([name])]));
    const groups = new Map<string, Group>();
    for (const first of this.#byName.keys()) {
      while (!groups.has(first)) {
        const names = membership.get(first)!;
        const others = kinds.filter(({ name }) => !names.has(name));
        const chosen = chooseSelector(
          kinds.filter(({ name }) => names.has(name)).map(({ labels }) => labels),
          others.map(({ labels }) => labels),
        );
        if ("selector" in chosen) {
          const group = this.#group([...names].sort(), chosen.selector);
          for (const name of names) groups.set(name, group);
          continue;
        }
        for (const index of chosen.alike)
          for (const name of membership.get(others[index]!.name)!) names.add(name);
        for (const name of names) {
          membership.set(name, names);
          groups.delete(name);
        }
      }
    }
    return groups;
  }

  #group(names: readonly string[], selector: LabelSelector): Group {
    const namespace = this.#namespace;
    const pods = names.flatMap((name) => this.#byName.get(name)!);
    return { key: `${namespace}/${names[0]}`, namespace, names, pods, selector };
  }
}

function distinctLabels(pods: readonly Pod[]): readonly Labels[] {
  const seen = new Map(pods.map(({ labels }) => [JSON.stringify(Object.entries(labels).sort()), labels]));
  return [...seen.keys()].sort().map((key) => seen.get(key)!);
}
