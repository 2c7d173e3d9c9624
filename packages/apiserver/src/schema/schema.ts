/**
 * The shape of a field, as the API's OpenAPI document gives it (Kubernetes API conventions; "x-kubernetes-*" extensions).
 * A schema refers to others by name, so that recursive kinds (JSONSchemaProps) stay finite.
 */
export interface Schema {
  /** Name of another definition (`io.k8s.api.core.v1.PodSpec`) that this field is. */
  readonly ref?: string;
  /** Absent: any JSON value. */
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  /** `int32`, `int64`, `double`, `byte`, `date-time`, `int-or-string`, `quantity`, … */
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** Of a map's values. */
  readonly additionalProperties?: Schema;
  /** Of a list's items. */
  readonly items?: Schema;
  /** A null is a value of the field and not its absence (CustomResourceDefinitions). */
  readonly nullable?: boolean;
  /** Fields that are not in `properties` are kept (CustomResourceDefinitions). */
  readonly preserveUnknownFields?: boolean;
  /** Strategic merge: how a patch of this field goes together with what is there. `replace` when absent. */
  readonly patchStrategy?: readonly ("merge" | "replace" | "retainKeys")[];
  readonly patchMergeKey?: string;
  /** Server-side apply: who can own parts of a list. `atomic` when absent. */
  readonly listType?: "atomic" | "set" | "map";
  readonly listMapKeys?: readonly string[];
  /** Server-side apply: an object that is owned as a whole. `granular` when absent. */
  readonly mapType?: "granular" | "atomic";
}

/** Every definition that the server knows. */
export interface SchemaSource {
  /** Of a kind, undefined when there is none (then every field is allowed). `group` is "" for the core group. */
  ofKind(group: string, version: string, kind: string): Schema | undefined;
  /** The schema itself, or what it refers to. */
  resolve(schema: Schema): Schema;
}
