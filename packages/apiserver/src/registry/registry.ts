import { randomInt, randomUUID } from "node:crypto";
import type { ApiMeta, ApiObject } from "../api-object.ts";
import { sameJson } from "../json.ts";
import { StatusError } from "../status.ts";
import type { Store, StoreKey, StoreList } from "../store/store.ts";
import type { Watch } from "../store/watch.ts";
import { alreadyExists, conflict, expired, forbidden, invalid, notFound } from "./refusals.ts";
import { type Prepared, type ResourceDef, resourceName } from "./resource-def.ts";

/** Which objects a list or a watch is about. */
export interface Scope {
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly matches?: (object: ApiObject) => boolean;
}

/** What must hold of the stored object for a deletion to go on. */
export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export interface RegistryOptions {
  readonly store: Store;
  readonly defs: readonly ResourceDef[];
  /** The time, for creationTimestamp. */
  readonly clock?: () => Date;
}

/**
 * The verbs of the API on every kind: what a request means, before HTTP and after it. Each is one synchronous step. A
 * request that cannot be met throws StatusError. Objects given out are frozen.
 */
export class Registry {
  readonly defs: readonly ResourceDef[];
  readonly #store: Store;
  readonly #clock: () => Date;
  readonly #byPath = new Map<string, ResourceDef>();
  readonly #namespaces: ResourceDef | undefined;

  constructor(options: RegistryOptions) {
    this.#store = options.store;
    this.#clock = options.clock ?? (() => new Date());
    this.defs = options.defs;
    for (const def of options.defs) this.#byPath.set(`${def.group}/${def.version}/${def.plural}`, def);
    this.#namespaces = this.find("", "v1", "namespaces");
  }

  find(group: string, version: string, plural: string): ResourceDef | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  get(def: ResourceDef, name: string, namespace = ""): ApiObject {
    const object = this.#store.get(keyOf(def, name, namespace));
    if (object === undefined) throw notFound(def, name);
    return object;
  }

  list(def: ResourceDef, scope: Scope = {}): StoreList {
    const { items, revision } = this.#store.list(resourceName(def), scope.namespace);
    return { items: scope.matches === undefined ? items : items.filter(scope.matches), revision };
  }

  /** Changes after `revision`; throws Expired when they are not all known any more. The caller closes the watch. */
  watch(def: ResourceDef, revision: number, scope: Scope = {}): Watch {
    const watch = this.#store.watch(resourceName(def), revision, scope);
    if (watch === "expired") throw expired(revision, this.#store.revision);
    return watch;
  }

  create(def: ResourceDef, sent: ApiObject, namespace = ""): ApiObject {
    const named = withName(this.#inNamespace(def, sent, namespace));
    const { name } = named.metadata;
    refuseIf(def, name, def.validate(named));
    if (def.namespaced) this.#requireNamespace(def, name, namespace);
    const key = keyOf(def, name, namespace);
    if (this.#store.get(key) !== undefined) throw alreadyExists(def, name);
    if (sent.metadata.resourceVersion) {
      throw new StatusError("BadRequest", "resourceVersion should not be set on objects to be created");
    }
    const object = def.defaults({ ...named, metadata: this.#newMeta(def, named.metadata) });
    const stored = this.#store.create(key, orRefuse(def, name, def.prepareCreate?.(object) ?? object));
    if (stored === undefined) throw alreadyExists(def, name);
    return stored;
  }

  /** Replaces the object, or its status only. Without a change nothing is written and the stored object is given. */
  update(def: ResourceDef, sent: ApiObject, name: string, namespace = "", subresource?: "status"): ApiObject {
    if (sent.metadata.name !== undefined && sent.metadata.name !== name) {
      const message = `the name of the object (${sent.metadata.name}) does not match the name on the URL (${name})`;
      throw new StatusError("BadRequest", message);
    }
    const old = this.get(def, name, namespace);
    const named = this.#inNamespace(def, { ...sent, metadata: { ...sent.metadata, name } }, namespace);
    const { uid, resourceVersion } = named.metadata;
    requireSame(def, old, { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) });
    const next =
      subresource === "status" ? statusReplacement(def, named, old) : this.#replacement(def, named, old);
    if (sameJson(next, old)) return old;
    const stored = this.#store.update(keyOf(def, name, namespace), next, old.metadata.resourceVersion);
    if (typeof stored === "string") throw conflict(def, name);
    return stored;
  }

  /** Removes the object at once; gives its last state at the resourceVersion of the deletion. */
  delete(def: ResourceDef, name: string, namespace = "", preconditions: Preconditions = {}): ApiObject {
    const object = this.get(def, name, namespace);
    requireSame(def, object, preconditions);
    def.beforeDelete?.(object, this);
    const deleted = this.#store.delete(keyOf(def, name, namespace), object.metadata.resourceVersion);
    if (typeof deleted === "string") throw conflict(def, name);
    def.afterDelete?.(deleted);
    return deleted;
  }

  #replacement(def: ResourceDef, named: ApiObject, old: ApiObject): ApiObject {
    const { name } = named.metadata;
    refuseIf(def, name, def.validate(named));
    const kept = def.subresources.includes("status") ? withStatus(named, old.status) : named;
    const object = def.defaults({ ...kept, metadata: serverMeta(named.metadata, old.metadata) });
    const prepared = orRefuse(def, name, def.prepareUpdate?.(object, old) ?? object);
    refuseIf(def, name, def.validateUpdate?.(prepared, old) ?? []);
    if (!def.countsGeneration || sameJson(prepared.spec, old.spec)) return prepared;
    const generation = (old.metadata.generation ?? 0) + 1;
    return { ...prepared, metadata: { ...prepared.metadata, generation } };
  }

  #newMeta(def: ResourceDef, sent: ApiMeta): ApiMeta {
    return {
      ...sent,
      uid: randomUUID(),
      ...(def.countsGeneration ? { generation: 1 } : {}),
      creationTimestamp: this.#clock()
        .toISOString()
        .replace(/\.\d+Z$/, "Z"),
    };
  }

  #inNamespace(def: ResourceDef, object: ApiObject, namespace: string): ApiObject {
    const { namespace: sent, ...rest } = object.metadata;
    if ((sent ?? "") !== "" && sent !== namespace) {
      const message = "the namespace of the provided object does not match the namespace sent on the request";
      throw new StatusError("BadRequest", message);
    }
    return { ...object, metadata: def.namespaced ? { ...rest, namespace } : rest };
  }

  #requireNamespace(def: ResourceDef, name: string, namespace: string): void {
    if (this.#namespaces === undefined) return;
    const found = this.get(this.#namespaces, namespace);
    if (found.metadata.deletionTimestamp !== undefined) {
      const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
      throw forbidden(def, name, why);
    }
  }
}

function statusReplacement(def: ResourceDef, sent: ApiObject, old: ApiObject): ApiObject {
  const next = withStatus(old, sent.status);
  refuseIf(def, old.metadata.name, def.validate(next));
  return next;
}

function keyOf(def: ResourceDef, name: string, namespace: string): StoreKey {
  return { resource: resourceName(def), namespace: def.namespaced ? namespace : "", name };
}

function refuseIf(def: ResourceDef, name: string, errors: ReturnType<ResourceDef["validate"]>): void {
  if (errors.length > 0) throw invalid(def, name, errors);
}

function orRefuse(def: ResourceDef, name: string, prepared: Prepared): ApiObject {
  if (isObject(prepared)) return prepared;
  throw invalid(def, name, prepared);
}

function isObject(prepared: Prepared): prepared is ApiObject {
  return !Array.isArray(prepared);
}

function requireSame(def: ResourceDef, object: ApiObject, asked: Preconditions): void {
  const { name, uid, resourceVersion } = object.metadata;
  if (asked.uid !== undefined && asked.uid !== uid) {
    throw conflict(
      def,
      name,
      `Precondition failed: UID in precondition: ${asked.uid}, UID in object meta: ${uid}`,
    );
  }
  if (asked.resourceVersion !== undefined && asked.resourceVersion !== resourceVersion)
    throw conflict(def, name);
}

function withStatus(object: ApiObject, status: unknown): ApiObject {
  const { status: _, ...rest } = object;
  return (status === undefined ? rest : { ...rest, status }) as ApiObject;
}

/** The client's metadata with the server's own fields put back. */
function serverMeta(sent: ApiMeta, old: ApiMeta): ApiMeta {
  const own: Record<string, unknown> = {};
  for (const field of ["uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp"]) {
    own[field] = old[field];
  }
  const present = Object.entries({ ...sent, ...own }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as unknown as ApiMeta;
}

// Without vowels and look-alikes, as the API server's (apimachinery, pkg/util/rand).
const suffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";
const maxGeneratedBase = 58;

/** Makes the name up from `metadata.generateName` when there is none. */
function withName(object: ApiObject): ApiObject {
  const { name, generateName } = object.metadata;
  if (name || typeof generateName !== "string" || generateName === "") return object;
  let suffix = "";
  while (suffix.length < 5) suffix += suffixAlphabet[randomInt(suffixAlphabet.length)];
  return {
    ...object,
    metadata: { ...object.metadata, name: generateName.slice(0, maxGeneratedBase) + suffix },
  };
}
