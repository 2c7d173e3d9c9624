import type { ApiObject } from "../api-object.ts";

/** One kind, as a table entry: store keys, paths, defaults, validation and selectors all derive from it. */
export interface ResourceDef {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** `all` for the kinds that `kubectl get all` lists. */
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly subresources: readonly Subresource[];
  /** Whether `metadata.generation` counts the changes of the spec; the API does so for some kinds only. */
  readonly countsGeneration: boolean;
  /** What field selectors can name besides `metadata.name` and `metadata.namespace`. */
  readonly selectableFields: Readonly<Record<string, (object: ApiObject) => string>>;
  /** Fills what a client may leave out. Pure and idempotent; run on create and on update. */
  defaults(object: ApiObject): ApiObject;
  /** Looks at the object as the client sent it, before defaults. */
  validate(object: unknown): readonly FieldError[];
  /** What may not change; both objects have their defaults. */
  validateUpdate?(object: ApiObject, old: ApiObject): readonly FieldError[];
  /** The server's own fields of a new object. The last step before the write, which does not fail: it may allocate. */
  prepareCreate?(object: ApiObject): Prepared;
  /** The same for a replacement. */
  prepareUpdate?(object: ApiObject, old: ApiObject): Prepared;
  /** Runs before the object is removed; may remove what belongs to it, or throw StatusError to refuse. */
  beforeDelete?(object: ApiObject, registry: DeletingRegistry): void;
  /** Runs after the object was removed; releases what `prepareCreate` allocated. */
  afterDelete?(object: ApiObject): void;
}

export type Subresource = "status";

/** The object to store, or why not. */
export type Prepared = ApiObject | readonly FieldError[];

/** What a kind's deletion needs of the registry. */
export interface DeletingRegistry {
  readonly defs: readonly ResourceDef[];
  list(def: ResourceDef, scope: { readonly namespace: string }): { readonly items: readonly ApiObject[] };
  delete(def: ResourceDef, name: string, namespace: string): ApiObject;
}

/** A field that is wrong. */
export interface FieldError {
  /** As the API server writes it: `spec.ports[0].port`. */
  readonly path: string;
  /** In the API server's words, without the path: `Invalid value: 0: must be between 1 and 65535, inclusive`. */
  readonly message: string;
  /** `invalid`, `required`, `unknown-field`, …: the codes of the engine's diagnostics. */
  readonly code: string;
}

/** `plural.group`, or `plural` in the core group: the name in messages, and the store's key. */
export function resourceName(def: ResourceDef): string {
  return def.group === "" ? def.plural : `${def.plural}.${def.group}`;
}

export function apiVersionOf(def: ResourceDef): string {
  return def.group === "" ? def.version : `${def.group}/${def.version}`;
}
