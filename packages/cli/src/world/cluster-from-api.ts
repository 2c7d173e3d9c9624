import { type Cluster, type ClusterObject, type NetworkPolicy, objectFromApi } from "@portcullis/engine";
import {
  ApiError,
  isReason,
  type KubeClient,
  type KubeObject,
  listAll,
  type Resource,
  resources,
} from "@portcullis/kube";
import { asEnforced } from "../input/as-enforced.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { analysedResources, ingresses } from "../rbac/rules.ts";
import { clusterOf } from "./cluster-of.ts";
import { type Forbidden, missingRights } from "./missing-rights.ts";

export interface ClusterFromApiOptions {
  /** These namespaces only, for whom may not look into others. */
  readonly within?: readonly string[];
  /** Read Ingresses too. */
  readonly ingresses?: boolean;
  /** Read staged policies as if they were in force. */
  readonly staged?: boolean;
  /** Of errors: the cluster's name. */
  readonly where?: string;
  /** Called while reading, with the number of objects so far. */
  readonly onProgress?: (objects: number) => void;
}

export interface ClusterFromApi {
  readonly cluster: Cluster;
  /** What was read, in order of kind. */
  readonly objects: readonly ClusterObject[];
  /** The Ingresses that were asked for, as the API gives them. */
  readonly others: readonly KubeObject[];
  /** `Pod shop/web`: what the engine cannot read. */
  readonly unreadable: readonly string[];
  /** What could not be read, though the answer does without it; a sentence each. */
  readonly unknown: readonly string[];
}

/**
 * A Cluster with everything that a verdict can depend on, as the API serves it now. A policy that is the same as one of
 * `written` takes that one's source ranges, so that explanations point into the user's files. Objects that the engine
 * cannot read are left out, and named. Fails with CliError (exit code 3) that names the rights that are missing.
 */
export async function clusterFromApi(
  client: KubeClient,
  written: readonly NetworkPolicy[] = [],
  options: ClusterFromApiOptions = {},
): Promise<ClusterFromApi> {
  const reading = new Reading(client, options);
  const [others] = await Promise.all([
    options.ingresses === true ? reading.ingresses() : [],
    ...analysedResources.map((resource) => reading.read(resource)),
  ]);
  if (reading.forbidden.length > 0) throw missingRights(reading.forbidden, options.where);
  const ranged = new Map(written.map((policy) => [meaning(policy), policy]));
  const objects = analysedResources
    .flatMap(({ plural }) => reading.objects.get(plural) ?? [])
    .map((object) => (options.staged === true ? asEnforced(object) : object))
    .map((object) =>
      ranged.size > 0 && object.kind === "NetworkPolicy" ? (ranged.get(meaning(object)) ?? object) : object,
    );
  return {
    cluster: clusterOf(objects),
    objects,
    others,
    unreadable: reading.unreadable.sort(),
    unknown: reading.unknown,
  };
}

class Reading {
  readonly objects = new Map<string, ClusterObject[]>();
  readonly unreadable: string[] = [];
  readonly unknown: string[] = [];
  readonly forbidden: Forbidden[] = [];
  readonly #client: KubeClient;
  readonly #options: ClusterFromApiOptions;
  readonly #counts = new Map<string, number>();

  constructor(client: KubeClient, options: ClusterFromApiOptions) {
    this.#client = client;
    this.#options = options;
  }

  async read(resource: Resource): Promise<void> {
    const { within } = this.#options;
    const parts =
      within === undefined || resource === resources.nodes
        ? [this.#list(resource, undefined)]
        : within.map((name) =>
            resource.namespaced ? this.#list(resource, name) : this.#namespace(resource, name),
          );
    const found = (await Promise.all(parts)).flat();
    this.objects.set(
      resource.plural,
      found.filter((object) => object !== undefined),
    );
  }

  /** None where they may not be read, which is said, and where the API has no such kind. */
  async ingresses(): Promise<readonly KubeObject[]> {
    const apiVersion = `${ingresses.group}/${ingresses.version}`;
    const parts = (this.#options.within ?? [undefined]).map((namespace) =>
      listAll(this.#client, ingresses, (object) => ({ ...object, apiVersion, kind: ingresses.kind }), {
        ...(namespace === undefined ? {} : { namespace }),
      }),
    );
    try {
      return (await Promise.all(parts)).flat();
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return [];
      if (!isForbidden(error)) throw error;
      this.unknown.push("Ingresses cannot be read: what an ingress controller has to reach is unknown");
      return [];
    }
  }

  async #list(
    resource: Resource,
    namespace: string | undefined,
  ): Promise<readonly (ClusterObject | undefined)[]> {
    try {
      return await listAll(this.#client, resource, (object) => this.#slim(resource, object), {
        ...(namespace === undefined ? {} : { namespace }),
        onProgress: (items) => this.#progress(`${resource.plural} ${namespace}`, items),
      });
    } catch (error) {
      this.#refused(error, resource, "list", namespace);
      return [];
    }
  }

  /** One namespace; its name and the label that every namespace has are known even when it may not be read. */
  async #namespace(resource: Resource, name: string): Promise<ClusterObject | undefined> {
    try {
      return this.#slim(resource, await this.#client.get(resource, name));
    } catch (error) {
      if (isReason(error, "NotFound"))
        throw new CliError(exitCode.usage, `there is no namespace ${name} in this cluster`);
      if (!isForbidden(error)) throw error;
      this.unknown.push(`namespace ${name} cannot be read: its labels are unknown`);
      return this.#slim(resource, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
    }
  }

  /** Items of a list need not repeat their type. */
  #slim(resource: Resource, object: KubeObject): ClusterObject | undefined {
    const { kind, group, version } = resource;
    const apiVersion = group === "" ? version : `${group}/${version}`;
    const { object: slim } = objectFromApi({ ...object, apiVersion, kind });
    const { namespace, name } = object.metadata;
    if (slim === undefined)
      this.unreadable.push(`${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`);
    return slim;
  }

  #refused(error: unknown, resource: Resource, verb: string, namespace: string | undefined): void {
    if (!isForbidden(error)) throw error;
    if (resource !== resources.nodes)
      this.forbidden.push({ resource, verb, namespace, message: error.message });
    else
      this.unknown.push(
        "nodes cannot be read: which addresses are a node's is unknown, and so is what a node may reach as one",
      );
  }

  #progress(part: string, items: number): void {
    this.#counts.set(part, items);
    this.#options.onProgress?.([...this.#counts.values()].reduce((sum, count) => sum + count, 0));
  }
}

/** A right to read is missing; not that to be somebody else, which no rule for a resource gives. */
function isForbidden(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 403 && !error.message.includes("cannot impersonate");
}

/** A policy's content without the places that it was read from: equal texts, equal policies. */
function meaning(policy: NetworkPolicy): string {
  return JSON.stringify(policy, (key, value) => {
    if (key === "range") return undefined;
    return typeof value === "bigint" ? String(value) : value;
  });
}
