import { type GroupVersionKind, subresourcesOf } from "../discovery/api-resources.ts";
import { apiVersionOf, type ResourceDef } from "../registry/resource-def.ts";

/** One method of one path, as both versions of OpenAPI tell it. */
export interface Operation {
  readonly path: string;
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** x-kubernetes-action. */
  readonly action: "list" | "get" | "post" | "put" | "patch" | "delete" | "deletecollection";
  /** The kind that it is about. */
  readonly kind: GroupVersionKind;
  /** What it answers with. */
  readonly answer: "object" | "list" | "status";
  readonly query: readonly QueryParameter[];
}

interface QueryParameter {
  readonly name: string;
  readonly type: "string" | "integer" | "boolean";
}

const text = (name: string): QueryParameter => ({ name, type: "string" });
const flag = (name: string): QueryParameter => ({ name, type: "boolean" });
const count = (name: string): QueryParameter => ({ name, type: "integer" });

const writing = [text("dryRun"), text("fieldManager"), text("fieldValidation")];
const deleting = [text("dryRun"), count("gracePeriodSeconds"), text("propagationPolicy")];
const selecting = [
  text("fieldSelector"),
  text("labelSelector"),
  count("limit"),
  text("continue"),
  text("resourceVersion"),
  text("resourceVersionMatch"),
];
const watching = [
  flag("watch"),
  flag("allowWatchBookmarks"),
  flag("sendInitialEvents"),
  count("timeoutSeconds"),
];

const parameters: Readonly<Record<Operation["action"], readonly QueryParameter[]>> = {
  list: [...selecting, ...watching],
  get: [],
  post: writing,
  put: writing,
  patch: [...writing, flag("force")],
  delete: deleting,
  deletecollection: [...selecting, ...deleting],
};

const methods: Readonly<Record<Operation["action"], Operation["method"]>> = {
  list: "get",
  get: "get",
  post: "post",
  put: "put",
  patch: "patch",
  delete: "delete",
  deletecollection: "delete",
};

/** What a kind's paths can do. */
export function operationsOf(def: ResourceDef): readonly Operation[] {
  const { group, version, kind } = def;
  const root = `${group === "" ? "/api" : "/apis"}/${apiVersionOf(def)}`;
  const all = `${root}/${def.plural}`;
  const collection = def.namespaced ? `${root}/namespaces/{namespace}/${def.plural}` : all;
  const itself = { group, version, kind };
  if (def.answer !== undefined) return [operation(collection, "post", itself)];
  const one = `${collection}/{name}`;
  return [
    ...(def.namespaced ? [operation(all, "list", itself)] : []),
    ...(["list", "post", "deletecollection"] as const).map((action) => operation(collection, action, itself)),
    ...(["get", "put", "patch", "delete"] as const).map((action) => operation(one, action, itself)),
    ...subresourceOperations(def, one),
  ];
}

function subresourceOperations(def: ResourceDef, one: string): readonly Operation[] {
  return subresourcesOf(def).flatMap(({ name, kind, verbs }) => {
    // What streams, or answers with text, has no body that a schema could tell of.
    if (/\/(exec|attach|portforward|proxy|log)$/.test(name)) return [];
    const path = `${one}/${name.slice(def.plural.length + 1)}`;
    return verbs.map((verb) => operation(path, subresourceActions[verb] ?? "get", kind));
  });
}

const subresourceActions: Readonly<Record<string, Operation["action"]>> = {
  create: "post",
  update: "put",
  patch: "patch",
  get: "get",
};

function operation(path: string, action: Operation["action"], kind: GroupVersionKind): Operation {
  const answer = action === "list" ? "list" : action.startsWith("delete") ? "status" : "object";
  return { path, method: methods[action], action, kind, answer, query: parameters[action] };
}

/** The operations by their paths, in order of the paths. */
export function byPath(
  operations: readonly Operation[],
): readonly (readonly [string, readonly Operation[]])[] {
  const paths = new Map<string, Operation[]>();
  for (const each of operations) {
    const known = paths.get(each.path);
    if (known === undefined) paths.set(each.path, [each]);
    else known.push(each);
  }
  return [...paths].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The names in braces. */
export function pathParameters(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}

/** Of patches, by the types of their bodies; kinds of CustomResourceDefinitions cannot be merged strategically. */
export function patchTypes(isCustom: boolean): readonly string[] {
  const types = [
    "application/apply-patch+yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
  ];
  return isCustom ? types : [...types, "application/strategic-merge-patch+json"];
}
