import { isReason, type KubeClient, type KubeObject, resources } from "@portcullis/kube";
import { type LeaseContent, leaseName, leaseWith, readLease } from "./lease.ts";
import type { NodeRecord } from "./node-record.ts";

export interface LeaseStoreOptions {
  readonly client: KubeClient;
  readonly nodeName: string;
  readonly namespace: string;
}

/** How often a write is tried at once when somebody else has written, made or removed the Lease. */
const attempts = 5;

/** The Lease of a node, whoever else writes, makes or removes it. */
export class LeaseStore {
  readonly #options: LeaseStoreOptions;
  /** As it was stored last; undefined when there is none, or that is not known. */
  #lease: KubeObject | undefined;
  #nodeUid: string | undefined;

  constructor(options: LeaseStoreOptions) {
    this.#options = options;
  }

  /** What was published before. @throws ApiError or Unreachable. */
  async former(): Promise<NodeRecord | undefined> {
    this.#lease = await this.#find();
    return this.#lease === undefined ? undefined : readLease(this.#lease)?.record;
  }

  /** Writes what `content` gives at the moment of the write. @throws ApiError, Unreachable, or Error without the node. */
  async put(content: () => Omit<LeaseContent, "nodeName" | "nodeUid" | "namespace">): Promise<void> {
    const { nodeName, namespace } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        this.#nodeUid ??= await this.#findNode();
        await this.#write({ nodeName, nodeUid: this.#nodeUid, namespace, ...content() });
        return;
      } catch (error) {
        // Written by somebody else, made by somebody else, or removed: with the node that was, if it is another one now.
        const raced = ["Conflict", "AlreadyExists", "NotFound"].some((reason) => isReason(error, reason));
        if (!raced || attempt === attempts) throw error;
        this.#nodeUid = undefined;
        this.#lease = await this.#find();
      }
    }
  }

  async #write(content: LeaseContent): Promise<void> {
    const { client } = this.#options;
    const lease = leaseWith(this.#lease, content);
    this.#lease = await (this.#lease === undefined
      ? client.create(resources.leases, lease)
      : client.update(resources.leases, lease));
  }

  async #find(): Promise<KubeObject | undefined> {
    const { client, nodeName, namespace } = this.#options;
    try {
      return await client.get(resources.leases, leaseName(nodeName), namespace);
    } catch (error) {
      if (isReason(error, "NotFound")) return undefined;
      throw error;
    }
  }

  /** By a list, which an agent may do anyway. */
  async #findNode(): Promise<string> {
    const { client, nodeName } = this.#options;
    const { items } = await client.list(resources.nodes, { fieldSelector: `metadata.name=${nodeName}` });
    const uid = items.find(({ metadata }) => metadata.name === nodeName)?.metadata.uid;
    if (uid === undefined) throw new Error(`the API has no node ${nodeName}`);
    return uid;
  }
}
