import type { GroupVersionKind } from "../discovery/api-resources.ts";
import { definitionName, metaPackage } from "../schema/group-packages.ts";
import type { Schema } from "../schema/schema.ts";
import type { Schemas } from "../schema/schemas.ts";
import type { Operation } from "./operations.ts";

/** A definition as a document has it. */
export interface Definition {
  readonly schema: Schema;
  /** x-kubernetes-group-version-kind, of what is a kind. */
  readonly kind?: GroupVersionKind;
}

/** What `{ "format": … }` stands for: types that Go writes in a way of their own. */
export const formatDefinitions: Readonly<Record<string, string>> = {
  quantity: "io.k8s.apimachinery.pkg.api.resource.Quantity",
  "int-or-string": "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
  "date-time": `${metaPackage}.Time`,
};

const statusName = `${metaPackage}.Status`;
export const deleteOptionsName = `${metaPackage}.DeleteOptions`;
export const patchName = `${metaPackage}.Patch`;

/** The name of the definition that an operation answers with. */
export function answerName({ kind, answer }: Operation): string {
  if (answer === "status") return statusName;
  const name = definitionName(kind.group, kind.version, kind.kind);
  return answer === "list" ? `${name}List` : name;
}

/** Everything that the operations speak of, and what that refers to, by name. */
export function definitionsOf(
  operations: readonly Operation[],
  schemas: Schemas,
): ReadonlyMap<string, Definition> {
  const found = new Map<string, Definition>();
  const meta = { group: "", version: "v1" };
  const add = (name: string, kind?: GroupVersionKind, otherwise: Schema = { type: "object" }) => {
    if (found.has(name)) return;
    const schema = schemas.definition(name) ?? otherwise;
    found.set(name, { schema, ...(kind === undefined ? {} : { kind }) });
    for (const reference of references(schema)) add(reference);
  };
  for (const { kind } of operations) {
    const name = definitionName(kind.group, kind.version, kind.kind);
    add(name, kind, { type: "object", preserveUnknownFields: true });
  }
  for (const { kind, answer } of operations) {
    if (answer !== "list") continue;
    const name = definitionName(kind.group, kind.version, kind.kind);
    add(`${name}List`, { ...kind, kind: `${kind.kind}List` }, listOf(name, kind.kind));
  }
  add(statusName, { ...meta, kind: "Status" });
  add(deleteOptionsName, { ...meta, kind: "DeleteOptions" });
  add(patchName);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function* references(schema: Schema): Generator<string> {
  if (schema.ref !== undefined) yield schema.ref;
  if (schema.items !== undefined) yield* references(schema.items);
  if (schema.additionalProperties !== undefined) yield* references(schema.additionalProperties);
  for (const property of Object.values(schema.properties ?? {})) yield* references(property);
}

/** The list of a CustomResourceDefinition's kind. */
function listOf(name: string, kind: string): Schema {
  return {
    type: "object",
    description: `${kind}List is a list of ${kind}`,
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { ref: `${metaPackage}.ListMeta` },
      items: { type: "array", items: { ref: name } },
    },
    required: ["items"],
  };
}
