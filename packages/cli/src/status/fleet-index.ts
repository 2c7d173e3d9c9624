import type { FleetNode, ListedPolicy } from "./fleet.ts";
import { judgeOnNode, needsPods, type OnNode } from "./judge-on-node.ts";

/** How many pods of each node a policy selects, by `namespace/name` of the policy; see `readPods`. */
export interface KnownPods {
  count(policy: string, node: string): number | undefined;
  /** Nodes that have any. */
  nodes(policy: string): Iterable<string>;
}

export const noPods: KnownPods = { count: () => undefined, nodes: () => [] };

/** Answers of one policy and all nodes without going through all of them. */
export class FleetIndex {
  readonly nodes: ReadonlyMap<string, FleetNode>;
  readonly #selecting = new Map<number, FleetNode[]>();
  readonly #excepting = new Map<string, FleetNode[]>();
  /** Nodes about which a record says too little, or nothing. */
  readonly #vague: readonly FleetNode[];
  /** The others, by revision. */
  readonly #byRevision: readonly FleetNode[];

  constructor(nodes: readonly FleetNode[]) {
    this.nodes = new Map(nodes.map((node) => [node.name, node]));
    for (const node of nodes) {
      for (const id of node.selected.keys()) put(this.#selecting, id, node);
      for (const policy of node.exceptions.keys()) put(this.#excepting, policy, node);
    }
    this.#vague = nodes.filter(isVague);
    this.#byRevision = nodes
      .filter((node) => !isVague(node))
      .sort((a, b) => (a.revision === b.revision ? 0 : a.revision < b.revision ? -1 : 1));
  }

  /** The nodes on which the policy has something to do, or may have, by name. */
  judge(policy: ListedPolicy, pods: KnownPods): readonly OnNode[] {
    const found = new Map<string, OnNode>();
    const look = (node: FleetNode | undefined) => {
      if (node === undefined || found.has(node.name)) return;
      found.set(node.name, judgeOnNode(policy, node, pods.count(policy.key, node.name)));
    };
    for (const node of this.#selecting.get(policy.id) ?? []) look(node);
    for (const node of this.#excepting.get(policy.key) ?? []) look(node);
    for (const name of pods.nodes(policy.key)) look(this.nodes.get(name));
    for (const node of this.#undecided(policy)) if (pods.count(policy.key, node.name) !== 0) look(node);
    return [...found.values()]
      .filter(({ state }) => state !== "NothingToDo")
      .sort((a, b) => (a.node.name < b.node.name ? -1 : 1));
  }

  /** Whether there are nodes whose pods decide whether the policy has something to do there. */
  isUndecided(policy: ListedPolicy): boolean {
    for (const node of this.#undecided(policy)) if (needsPods(policy, node)) return true;
    return false;
  }

  /** The nodes that may leave one of these policies undecided. */
  mayNotDecide(policies: readonly ListedPolicy[]): readonly FleetNode[] {
    const behind = this.#byRevision.filter(({ revision }) =>
      policies.some(({ version }) => revision < version),
    );
    return [...this.#vague, ...behind];
  }

  *#undecided(policy: ListedPolicy): Iterable<FleetNode> {
    if (policy.staged) return;
    yield* this.#vague;
    for (const node of this.#byRevision) {
      if (node.revision >= policy.version) return;
      yield node;
    }
  }
}

function isVague({ record }: FleetNode): boolean {
  return record === undefined || record.moreSelected > 0 || record.moreExceptions > 0;
}

function put<K>(index: Map<K, FleetNode[]>, key: K, node: FleetNode): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [node]);
  else list.push(node);
}
