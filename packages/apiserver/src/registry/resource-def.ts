import type { ApiObject } from "../api-object.ts";
import type { UserInfo } from "../auth/user.ts";
import type { Schema } from "../schema/schema.ts";

/**
 * One kind, as a table entry: store keys, paths, defaults, validation, selectors, tables, watches, discovery and OpenAPI
 * all derive from it.
 */
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
  /** What the kind does here: everything, or no more than being kept (`stored`), which a warning says to who makes one. */
  readonly behaviour: "full" | "stored";
  /** Whether `metadata.generation` counts the changes of the spec; the API does so for some kinds only. */
  readonly countsGeneration: boolean;
  /** Of a kind that the generated schemas do not know: one that a CustomResourceDefinition made. */
  readonly schema?: Schema;
  /** What `kubectl get` shows, in order, Name first; `-o wide` adds those of priority 1. */
  readonly columns: readonly Column[];
  /** What field selectors can name besides `metadata.name` and `metadata.namespace`. */
  readonly selectableFields: Readonly<Record<string, (object: ApiObject) => string>>;
  /** Fills what a client may leave out. Pure and idempotent; run on create and on update. */
  defaults(object: ApiObject): ApiObject;
  /** Looks at the object as the client sent it, before defaults; unknown fields have been dealt with before. */
  validate(object: unknown): readonly FieldError[];
  /** What may not change; both objects have their defaults. */
  validateUpdate?(object: ApiObject, old: ApiObject): readonly FieldError[];
  /** What the client should know though the object is taken: sent as `Warning` headers. */
  warnings?(object: ApiObject): readonly string[];
  /** The server's own fields of a new object. The last step before the write; it may allocate. */
  prepareCreate?(object: ApiObject): Prepared;
  /** The same for a replacement. */
  prepareUpdate?(object: ApiObject, old: ApiObject): Prepared;
  /**
   * The write that `prepareCreate` (`old` is absent) or `prepareUpdate` made ready is not made, because it was a dry run or
   * could not be: takes back what they allocated and released.
   */
  rollback?(object: ApiObject, old: ApiObject | undefined): void;
  /** May throw StatusError for what this user may not write, though they may write objects of this kind. */
  beforeWrite?(object: ApiObject, old: ApiObject | undefined, user: UserInfo): void;
  /** Runs after the object was created or replaced, whatever the subresource. */
  afterWrite?(object: ApiObject, kinds: KindTable): void;
  /** The server was started again and holds this object from before: allocates what the object says it has. */
  restore?(object: ApiObject, kinds: KindTable): void;
  /**
   * Seconds that the object lives on after a deletion, so that whoever runs it can end it; 0 removes it at once. `asked` is
   * the client's own wish. Kinds without it are removed at once (when no finalizer holds them).
   */
  deletionGraceSeconds?(object: ApiObject, asked: number | undefined): number;
  /** May throw StatusError to refuse a deletion. */
  beforeDelete?(object: ApiObject): void;
  /** What holds a deleted object besides `metadata.finalizers`: a namespace's `spec.finalizers`. None when empty. */
  heldBy?(object: ApiObject): readonly string[];
  /** The object as it looks from its deletion until it is gone (a namespace is Terminating); its metadata says so already. */
  prepareDelete?(object: ApiObject): ApiObject;
  /** Runs after the object was removed; releases what `prepareCreate` allocated. */
  afterDelete?(object: ApiObject, kinds: KindTable): void;
  /** Of the `scale` subresource (autoscaling/v1 Scale): the label selector of what is counted, as a query has it. */
  scaleSelector?(object: ApiObject): string;
  /** A kind that is asked and answered and never stored (SubjectAccessReview): only `create` is served. */
  answer?(object: ApiObject, user: UserInfo): ApiObject;
  /**
   * The objects are those of another entry, in a form of this one's: everything is done there, and only seen and said here.
   * Absent for kinds that keep their own.
   */
  readonly view?: View;
}

export interface View {
  readonly of: ResourceDef;
  /** Of an object in this form. Pure; what it does not know stays. */
  toStored(object: ApiObject): ApiObject;
  /** Back again, without a loss. */
  toShown(object: ApiObject): ApiObject;
}

export type Subresource =
  | "status"
  | "scale"
  | "exec"
  | "attach"
  | "portforward"
  | "proxy"
  | "log"
  | "eviction"
  | "binding"
  | "token"
  | "finalize";

/** meta/v1 TableColumnDefinition, and where the cell comes from. */
export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  /** `name` for the column that identifies the row. */
  readonly format?: "name";
  readonly description: string;
  /** 0 is always shown, 1 with `-o wide`. */
  readonly priority: 0 | 1;
  /** `now` is for ages, which are texts (`5m`). */
  cell(object: ApiObject, now: Date): string | number | boolean;
}

/** The kinds that are served. CustomResourceDefinitions change it while the server runs. */
export interface KindTable {
  readonly defs: readonly ResourceDef[];
  /** Serves a kind from now on, in place of the one that had its group, version and plural. */
  serve(def: ResourceDef): void;
  /** Serves it no more. With the last version of a resource its objects go. */
  withdraw(def: ResourceDef): void;
}

/** The object to store, or why not. */
export type Prepared = ApiObject | readonly FieldError[];

/** A field that is wrong. */
export interface FieldError {
  /** As the API server writes it: `spec.ports[0].port`. */
  readonly path: string;
  /** In the API server's words, without the path: `Invalid value: 0: must be between 1 and 65535, inclusive`. */
  readonly message: string;
  /** `invalid`, `required`, `unknown-field`, …: the codes of the engine's diagnostics. */
  readonly code: string;
}

/** `plural.group`, or `plural` in the core group: the name in messages. */
export function resourceName(def: ResourceDef): string {
  return def.group === "" ? def.plural : `${def.plural}.${def.group}`;
}

/** The store's key: where the objects lie. */
export function storeName(def: ResourceDef): string {
  return resourceName(def.view?.of ?? def);
}

export function apiVersionOf(def: Pick<ResourceDef, "group" | "version">): string {
  return def.group === "" ? def.version : `${def.group}/${def.version}`;
}
