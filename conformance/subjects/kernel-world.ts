import { type KubeObject, resources } from "@portcullis/kube";
import { clusterNetwork, type PodRef, type SandboxHandle } from "@portcullis/sandbox";
import type { Change, PodSpec, PolicySpec, Topology } from "../case.ts";
import { type Names, namespaceObject, podObject, policyObject, serviceObject, splitRef } from "../objects.ts";

interface PlacedPod {
  readonly addresses: readonly string[];
  readonly serviceAddresses: readonly string[];
}

/** A case's cluster as objects of a sandbox's API, in namespaces with a prefix of their own. */
export class KernelWorld implements Names {
  readonly sandbox: SandboxHandle;
  readonly #prefix: string;
  readonly #pods = new Map<string, PlacedPod>();
  readonly #policies = new Set<string>();
  #changed = false;

  private constructor(sandbox: SandboxHandle, prefix: string) {
    this.sandbox = sandbox;
    this.#prefix = prefix;
  }

  /** Resolves when all pods run and their Services are served. */
  static async create(sandbox: SandboxHandle, prefix: string, topology: Topology): Promise<KernelWorld> {
    const world = new KernelWorld(sandbox, prefix);
    await Promise.all(
      topology.namespaces.map(({ name, labels }) =>
        sandbox.client.create(resources.namespaces, namespaceObject(name, labels, world)),
      ),
    );
    await world.#createPods(topology.pods);
    return world;
  }

  /** Whether anything but policies was changed. */
  get changed(): boolean {
    return this.#changed;
  }

  namespace(name: string): string {
    return `${this.#prefix}${name}`;
  }

  address(place: string, family: 4 | 6): string | undefined {
    const addresses = place === "node" ? clusterNetwork.nodeAddresses : this.#pods.get(place)?.addresses;
    return ofFamily(addresses, family);
  }

  serviceAddress(ref: string, family: 4 | 6): string | undefined {
    return ofFamily(this.#pods.get(ref)?.serviceAddresses, family);
  }

  podRef(ref: string): PodRef {
    const [namespace, name] = splitRef(ref);
    return { namespace: this.namespace(namespace), name };
  }

  /** Resolves when the kernel enforces all of them. */
  async change(changes: readonly Change[]): Promise<void> {
    const written: KubeObject[] = [];
    for (const change of changes) written.push(...(await this.#write(change)));
    await Promise.all(written.map((object) => this.sandbox.enforced(object)));
  }

  async removePolicies(): Promise<void> {
    await this.change([...this.#policies].map((policy) => ({ kind: "remove", policy })));
  }

  async #write(change: Change): Promise<readonly KubeObject[]> {
    const { client } = this.sandbox;
    if (change.kind !== "apply" && change.kind !== "remove") this.#changed = true;
    switch (change.kind) {
      case "apply":
        return [await this.#apply(change.policy)];
      case "remove": {
        const { namespace, name } = this.podRef(change.policy);
        this.#policies.delete(change.policy);
        return [await client.delete(resources.networkpolicies, name, namespace)];
      }
      case "label":
        return [await this.#label(change.target, change.labels)];
      case "create":
        await this.#createPods([change.pod]);
        return [];
      case "delete": {
        const { namespace, name } = this.podRef(change.pod);
        this.#pods.delete(change.pod);
        return [
          await client.delete(resources.pods, name, namespace, { gracePeriodSeconds: 0 }),
          ...(await client.delete(resources.services, `s-${name}`, namespace).then(
            (service) => [service],
            () => [],
          )),
        ];
      }
    }
  }

  async #apply(spec: PolicySpec): Promise<KubeObject> {
    const { client } = this.sandbox;
    const object = policyObject(spec, this);
    if (!this.#policies.has(spec.ref)) {
      this.#policies.add(spec.ref);
      return client.create(resources.networkpolicies, object);
    }
    return client.update(resources.networkpolicies, object);
  }

  async #label(target: string, labels: Readonly<Record<string, string>>): Promise<KubeObject> {
    const { client } = this.sandbox;
    const isPod = target.includes("/");
    const { namespace, name } = isPod
      ? this.podRef(target)
      : { namespace: undefined, name: this.namespace(target) };
    const resource = isPod ? resources.pods : resources.namespaces;
    // Status is written by the node at any time, so a conflict is no surprise.
    for (;;) {
      const found = await client.get(resource, name, namespace);
      const metadata = { ...found.metadata, labels };
      try {
        return await client.update(resource, { ...found, metadata });
      } catch (error) {
        if ((error as { reason?: string }).reason !== "Conflict") throw error;
      }
    }
  }

  async #createPods(specs: readonly PodSpec[]): Promise<void> {
    const { client } = this.sandbox;
    const services = await Promise.all(
      specs.map(async (spec) => {
        await client.create(resources.pods, podObject(spec, this));
        const object = spec.hostNetwork ? undefined : serviceObject(spec, this);
        return object && client.create(resources.services, object);
      }),
    );
    const refs = specs.map(({ ref }) => this.podRef(ref));
    await this.sandbox.running(refs, { timeoutMs: 60_000 });
    const pods = await Promise.all(
      refs.map(({ name, namespace }) => client.get(resources.pods, name, namespace)),
    );
    for (const [index, { ref }] of specs.entries()) {
      const { podIPs } = pods[index]!.status as { podIPs: { ip: string }[] };
      const { clusterIPs = [] } = (services[index]?.spec ?? {}) as { clusterIPs?: string[] };
      this.#pods.set(ref, { addresses: podIPs.map(({ ip }) => ip), serviceAddresses: clusterIPs });
    }
    await Promise.all([...pods, ...services].map((object) => object && this.sandbox.enforced(object)));
  }
}

const ofFamily = (addresses: readonly string[] | undefined, family: 4 | 6): string | undefined =>
  addresses?.find((address) => address.includes(":") === (family === 6));
