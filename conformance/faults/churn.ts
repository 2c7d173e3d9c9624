import { isReason, type KubeClient, type KubeObject, type Resource, resources } from "@portcullis/kube";
import { nodeAddress } from "./node-namespace.ts";
import type { PodPlace } from "./pod.ts";
import type { Random } from "./random.ts";

export const nodeName = "node-1";
const namespace = "default";

/** A node that the pods of a test are on. */
export interface ChurnNode {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly podCidrs?: readonly string[];
}

const onlyNode: ChurnNode = { name: nodeName, addresses: [nodeAddress] };

/**
 * Writes objects so that much changes and some things never do: `friend`, and nobody else, may reach `target`, on port
 * 80 and no other. The pods at the `restless` places come, go and change; policies are said in ever new words.
 */
export class Churn {
  /** Newest resourceVersion written, by kind. */
  readonly versions = new Map<string, bigint>();
  readonly #client: KubeClient;
  readonly #random: Random;
  readonly #restless: readonly PodPlace[];
  readonly #nodes: readonly ChurnNode[];
  readonly #nodeOf: (place: PodPlace) => string;
  #steps = 0;
  #queue: Promise<void> = Promise.resolve();

  constructor(
    client: KubeClient,
    random: Random,
    restless: readonly PodPlace[],
    options: { readonly nodes?: readonly ChurnNode[]; readonly nodeOf?: (place: PodPlace) => string } = {},
  ) {
    this.#client = client;
    this.#random = random;
    this.#restless = restless;
    this.#nodes = options.nodes ?? [onlyNode];
    this.#nodeOf = options.nodeOf ?? (() => nodeName);
  }

  async begin(steady: readonly PodPlace[]): Promise<void> {
    for (const node of this.#nodes) await this.#create(resources.nodes, nodeObject(node));
    for (const place of steady) await this.#createPod(place, { app: place.name });
    await this.#put(resources.networkpolicies, targetPolicy(0));
  }

  /** One change, after those that were asked for before. */
  step(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#change());
    return this.#queue;
  }

  async #change(): Promise<void> {
    this.#steps += 1;
    const i = this.#steps;
    const random = this.#random;
    const place = random.pick(this.#restless);
    const changes = [
      () => this.#put(resources.networkpolicies, targetPolicy(i)),
      () => this.#createPod(place, { app: "restless", color: random.pick(["red", "blue"]) }),
      () => this.#delete(resources.pods, place.name, namespace),
      () => this.#put(resources.networkpolicies, restlessPolicy(random)),
      () => this.#delete(resources.networkpolicies, "restless", namespace),
      () =>
        this.#put(resources.namespaces, {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: namespace, labels: { mood: random.pick(["good", "bad"]) } },
        }),
    ];
    await random.pick(changes)();
  }

  async #createPod(place: PodPlace, labels: Record<string, string>): Promise<void> {
    const { name, addresses } = place;
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, labels },
      spec: { nodeName: this.#nodeOf(place), containers: [{ name: "c", image: "x" }] },
    };
    const podIPs = addresses.map((ip) => ({ ip }));
    await this.#put(resources.pods, pod);
    const found = await this.#client.get(resources.pods, name, namespace);
    const status = { phase: "Running", podIP: addresses[0], podIPs };
    this.#note(
      resources.pods,
      await this.#client.update(resources.pods, { ...found, status } as KubeObject, "status"),
    );
  }

  async #create(resource: Resource, object: KubeObject): Promise<void> {
    this.#note(resource, await this.#client.create(resource, object));
  }

  async #put(resource: Resource, object: KubeObject): Promise<void> {
    const { name, namespace: within } = object.metadata;
    const found = await this.#client.get(resource, name, within).catch(ifMissing);
    if (found === undefined) return this.#create(resource, object);
    const labels = object.metadata.labels ?? {};
    // The spec of a pod stays as admission made it.
    const wanted = resource.plural === "pods" ? found : { ...found, ...object };
    const merged = { ...wanted, metadata: { ...found.metadata, labels } };
    this.#note(resource, await this.#client.update(resource, merged));
  }

  async #delete(resource: Resource, name: string, within: string): Promise<void> {
    // No kubelet is there to end a pod gracefully.
    const options = { gracePeriodSeconds: 0 };
    const gone = await this.#client.delete(resource, name, within, options).catch(ifMissing);
    if (gone !== undefined) this.#note(resource, gone);
  }

  #note({ plural }: Resource, { metadata }: KubeObject): void {
    this.versions.set(plural, BigInt(metadata.resourceVersion ?? 0));
  }
}

export function nodeObject({ name, addresses, podCidrs = [] }: ChurnNode): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    spec: podCidrs.length === 0 ? {} : { podCIDR: podCidrs[0], podCIDRs: podCidrs },
    status: { addresses: addresses.map((address) => ({ type: "InternalIP", address })) },
  };
}

function ifMissing(error: unknown): undefined {
  if (!isReason(error, "NotFound")) throw error;
}

function policy(name: string, spec: object): KubeObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec,
  } as KubeObject;
}

const selecting = (key: string, value: string) => ({ podSelector: { matchLabels: { [key]: value } } });

/** Always friend on port 80 and nobody else, said differently each time. */
function targetPolicy(i: number): KubeObject {
  const others = [`nobody-${i}`, `nobody-${i % 7}`];
  const names = i % 2 === 0 ? ["friend", ...others] : [...others, "friend"];
  const ports = i % 3 === 0 ? [80] : [1_000 + (i % 5), 80];
  return policy("target", {
    ...selecting("app", "target"),
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: names.map((name) => selecting("app", name)),
        ports: ports.flatMap((port) => ["TCP", "UDP"].map((protocol) => ({ protocol, port }))),
      },
    ],
  });
}

function restlessPolicy(random: Random): KubeObject {
  const from = [
    selecting("app", random.pick(["friend", "stranger", "target"])),
    { namespaceSelector: { matchLabels: { mood: "good" } }, ...selecting("color", "red") },
  ];
  return policy("restless", {
    ...selecting("color", random.pick(["red", "blue"])),
    policyTypes: random.pick([["Ingress"], ["Egress"], ["Ingress", "Egress"]]),
    ingress: [{ from, ports: [{ port: random.pick([80, 81]) }] }],
    egress: [{ to: from }],
  });
}
