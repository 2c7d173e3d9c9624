/** The shape of a part of a Kubernetes object, as far as strict decoding looks at it. */
export type Schema =
  | { readonly type: "string" | "bool" | "int32" | "int64" | "intOrString" | "time" | "any" }
  | { readonly type: "list"; readonly items: Schema }
  | { readonly type: "map"; readonly values: Schema }
  | ObjectSchema;

export interface ObjectSchema {
  readonly type: "object";
  readonly fields: ReadonlyMap<string, Schema>;
  /** Fields that are not listed are left alone: the list holds only those that the engine reads. */
  readonly open: boolean;
}

export const string: Schema = { type: "string" };
export const bool: Schema = { type: "bool" };
export const int32: Schema = { type: "int32" };
export const int64: Schema = { type: "int64" };
export const intOrString: Schema = { type: "intOrString" };
/** RFC 3339, in text. */
export const time: Schema = { type: "time" };
/** A part that the engine does not look into. */
export const any: Schema = { type: "any" };
export const stringMap: Schema = { type: "map", values: string };

export function list(items: Schema): Schema {
  return { type: "list", items };
}

/** All fields that the type has; another field is an error. */
export function closedObject(fields: Readonly<Record<string, Schema>>): ObjectSchema {
  return { type: "object", fields: new Map(Object.entries(fields)), open: false };
}

/** Some of the fields that the type has. */
export function openObject(fields: Readonly<Record<string, Schema>>): ObjectSchema {
  return { type: "object", fields: new Map(Object.entries(fields)), open: true };
}
