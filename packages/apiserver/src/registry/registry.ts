import type { ApiObject } from "../api-object.ts";
import { sameJson } from "../json.ts";
import { unlessOnlyTimesChanged } from "../patch/apply/track-update.ts";
import type { Schemas } from "../schema/schemas.ts";
import { StatusError } from "../status.ts";
import type { Store, StoreKey, StoreList } from "../store/store.ts";
import type { Watch } from "../store/watch.ts";
import { type DeleteOptions, isDone, planDeletion } from "./deletion.ts";
import { inStoredForm, shownAs } from "./forms.ts";
import { inNamespace, newMeta, withName } from "./object-meta.ts";
import { requireAsked, requireSame } from "./preconditions.ts";
import {
  alreadyExists,
  conflict,
  expired,
  namespaceTerminating,
  notFound,
  orRefuse,
  refuseIf,
} from "./refusals.ts";
import { type KindTable, type ResourceDef, storeName } from "./resource-def.ts";
import { ServedKinds } from "./served-kinds.ts";
import { planUpdate } from "./update.ts";
import type { UpdateOptions, WriteOptions } from "./write-options.ts";

/** Which objects a list or a watch is about. */
export interface Scope {
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly matches?: (object: ApiObject) => boolean;
}

/** Gives `next` with an account of who set which field (`metadata.managedFields`). */
export type FieldTracker = (
  def: ResourceDef,
  old: ApiObject | undefined,
  next: ApiObject,
  options: { readonly manager: string; readonly subresource: string; readonly now: Date },
) => ApiObject;

export interface RegistryOptions {
  readonly store: Store;
  readonly defs: readonly ResourceDef[];
  /** The time, for creationTimestamp and deletionTimestamp. */
  readonly clock?: () => Date;
  readonly trackFields?: FieldTracker;
  /** Is told of kinds that bring a schema of their own. */
  readonly schemas?: Pick<Schemas, "add" | "remove">;
}

/**
 * The verbs of the API on every kind: what a request means, before HTTP and after it. Each is one synchronous step. A
 * request that cannot be met throws StatusError. Objects given out are frozen, except those of a dry run.
 */
export class Registry implements KindTable {
  readonly #store: Store;
  readonly #clock: () => Date;
  readonly #trackFields: FieldTracker | undefined;
  readonly #kinds: ServedKinds;

  constructor(options: RegistryOptions) {
    this.#store = options.store;
    this.#clock = options.clock ?? (() => new Date());
    this.#trackFields = options.trackFields;
    this.#kinds = new ServedKinds(options.defs, options.schemas);
  }

  get defs(): readonly ResourceDef[] {
    return this.#kinds.defs;
  }

  /** The revision of the latest write. */
  get revision(): number {
    return this.#store.revision;
  }

  find(group: string, version: string, plural: string): ResourceDef | undefined {
    return this.#kinds.find(group, version, plural);
  }

  serve(def: ResourceDef): void {
    this.#kinds.add(def);
  }

  withdraw(def: ResourceDef): void {
    this.#kinds.remove(def);
    if (this.#kinds.hasOtherVersions(def)) return;
    for (const { metadata } of this.#store.list(storeName(def)).items) {
      this.#store.delete(keyOf(def, metadata.name, metadata.namespace));
    }
  }

  /** Lets every kind take note of the objects that the store holds already, from before a restart. */
  restore(): void {
    for (const def of this.defs) {
      if (def.restore === undefined) continue;
      for (const object of this.#store.list(storeName(def)).items) def.restore(object, this);
    }
  }

  /** Undefined when there is no such object. */
  peek(def: ResourceDef, name: string, namespace = ""): ApiObject | undefined {
    const object = this.#store.get(keyOf(def, name, namespace));
    return object && (shownAs(def)?.(object) ?? object);
  }

  get(def: ResourceDef, name: string, namespace = ""): ApiObject {
    const object = this.peek(def, name, namespace);
    if (object === undefined) throw notFound(def, name);
    return object;
  }

  list(def: ResourceDef, scope: Scope = {}): StoreList {
    return this.#narrowed(def, this.#store.list(storeName(def), scope.namespace), scope);
  }

  /** The objects as they were at a revision; undefined when that is not known any more. */
  listAt(def: ResourceDef, revision: number, scope: Scope = {}): StoreList | undefined {
    const list = this.#store.listAt(storeName(def), revision, scope.namespace);
    return list && this.#narrowed(def, list, scope);
  }

  /** Changes after `revision`; throws Expired when they are not all known any more. The caller closes the watch. */
  watch(def: ResourceDef, revision: number, scope: Scope = {}): Watch {
    const convert = shownAs(def);
    const watch = this.#store.watch(storeName(def), revision, {
      ...inStoredForm(def, scope),
      ...(convert === undefined ? {} : { convert }),
    });
    if (watch === "expired") throw expired(revision, this.#store.revision);
    return watch;
  }

  create(def: ResourceDef, sent: ApiObject, namespace = "", options: WriteOptions = {}): ApiObject {
    if (def.view !== undefined) {
      const { of, toShown } = def.view;
      return toShown(this.create(of, this.#toStored(def, sent), namespace, options));
    }
    const named = withName(inNamespace(def, sent, namespace));
    const { name } = named.metadata;
    if (def.namespaced) this.#requireNamespace(def, name, namespace);
    refuseIf(def, name, def.validate(named));
    const key = keyOf(def, name, namespace);
    if (this.#store.get(key) !== undefined) throw alreadyExists(def, name);
    if (sent.metadata.resourceVersion) {
      throw new StatusError("BadRequest", "resourceVersion should not be set on objects to be created");
    }
    const object = def.defaults({ ...named, metadata: newMeta(def, named.metadata, this.#clock()) });
    const prepared = orRefuse(def, name, def.prepareCreate?.(object) ?? object);
    const tracked = this.#tracked(def, prepared, undefined, options);
    return this.#write(def, tracked, undefined, options, (next) => this.#store.create(key, next));
  }

  /** Replaces the object, or a part of it. Without a change nothing is written and the stored object is given. */
  update(
    def: ResourceDef,
    sent: ApiObject,
    name: string,
    namespace = "",
    options: UpdateOptions = {},
  ): ApiObject {
    if (def.view !== undefined) {
      const { of, toShown } = def.view;
      return toShown(this.update(of, this.#toStored(def, sent), name, namespace, options));
    }
    if ((sent.metadata.name ?? name) !== name) {
      const message = `the name of the object (${sent.metadata.name}) does not match the name on the URL (${name})`;
      throw new StatusError("BadRequest", message);
    }
    const old = this.get(def, name, namespace);
    const named = inNamespace(def, { ...sent, metadata: { ...sent.metadata, name } }, namespace);
    const { uid, resourceVersion } = named.metadata;
    requireSame(def, old, { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) });
    const next = this.#tracked(def, planUpdate(def, named, old, options), old, options);
    if (sameJson(next, old)) return old;
    const key = keyOf(def, name, namespace);
    if (isDone(def, next)) return options.dryRun ? next : this.#remove(def, key, old);
    return this.#write(def, next, old, options, (object) => this.#store.update(key, object));
  }

  /**
   * Removes the object, and gives its last state at the resourceVersion of the deletion; or marks it, and gives it as it
   * is while a grace period or finalizers keep it.
   */
  delete(
    def: ResourceDef,
    name: string,
    namespace = "",
    options: DeleteOptions & WriteOptions = {},
  ): ApiObject {
    if (def.view !== undefined) return def.view.toShown(this.delete(def.view.of, name, namespace, options));
    const old = this.get(def, name, namespace);
    requireAsked(def, old, options.preconditions ?? {});
    def.beforeDelete?.(old);
    const next = planDeletion(def, old, options, this.#clock());
    const key = keyOf(def, name, namespace);
    if (next === "remove") return options.dryRun ? old : this.#remove(def, key, old);
    if (sameJson(next, old)) return old;
    return this.#write(def, next, old, options, (object) => this.#store.update(key, object));
  }

  #toStored(def: ResourceDef, sent: ApiObject): ApiObject {
    refuseIf(def, sent.metadata.name ?? "", def.validate(sent));
    return def.view!.toStored(sent);
  }

  #narrowed(def: ResourceDef, { items, revision }: StoreList, scope: Scope): StoreList {
    const { matches } = inStoredForm(def, scope);
    const matching = matches === undefined ? items : items.filter(matches);
    const show = shownAs(def);
    return { items: show === undefined ? matching : matching.map(show), revision };
  }

  /** The last step of a write. What the kind had prepared is taken back when the store does not take it. */
  #write(
    def: ResourceDef,
    next: ApiObject,
    old: ApiObject | undefined,
    { dryRun, user }: WriteOptions,
    store: (object: ApiObject) => ApiObject | string | undefined,
  ): ApiObject {
    let stored: ApiObject | undefined;
    try {
      if (user !== undefined) def.beforeWrite?.(next, old, user);
      if (dryRun) return next;
      const outcome = store(next);
      if (typeof outcome === "string") throw conflict(def, next.metadata.name);
      if (outcome === undefined) throw alreadyExists(def, next.metadata.name);
      stored = outcome;
    } finally {
      if (stored === undefined) def.rollback?.(next, old);
    }
    def.afterWrite?.(stored, this);
    return stored;
  }

  /** The object with an account of who set which field; the old one when nothing else is new but times. */
  #tracked(
    def: ResourceDef,
    next: ApiObject,
    old: ApiObject | undefined,
    { fieldManager, applied, subresource }: UpdateOptions,
  ): ApiObject {
    const track = this.#trackFields;
    if (track === undefined || (old !== undefined && sameJson(next, old))) return next;
    const managed = old?.metadata.managedFields !== undefined || next.metadata.managedFields !== undefined;
    if (applied || (fieldManager === undefined && !managed)) {
      return old === undefined ? next : unlessOnlyTimesChanged(old, next);
    }
    const manager = fieldManager ?? "unknown";
    return track(def, old, next, { manager, subresource: subresource ?? "", now: this.#clock() });
  }

  #remove(def: ResourceDef, key: StoreKey, old: ApiObject): ApiObject {
    const deleted = this.#store.delete(key, old.metadata.resourceVersion);
    if (typeof deleted === "string") throw conflict(def, key.name);
    def.afterDelete?.(deleted, this);
    return deleted;
  }

  #requireNamespace(def: ResourceDef, name: string, namespace: string): void {
    const namespaces = this.find("", "v1", "namespaces");
    if (namespaces === undefined) return;
    const { deletionTimestamp } = this.get(namespaces, namespace).metadata;
    if (deletionTimestamp !== undefined) throw namespaceTerminating(def, name, namespace);
  }
}

function keyOf(def: ResourceDef, name: string, namespace = ""): StoreKey {
  return { resource: storeName(def), namespace: def.namespaced ? namespace : "", name };
}
