import type { ApiObject } from "../api-object.ts";
import { apiVersionOf, type ResourceDef } from "./resource-def.ts";

/**
 * The form that a kind shows its objects in; undefined when it is the one they are kept in. Versions of a custom kind differ
 * in their name only, as those of a CustomResourceDefinition without conversion.
 */
export function shownAs(def: ResourceDef): ((object: ApiObject) => ApiObject) | undefined {
  if (def.view !== undefined) return def.view.toShown;
  if (def.schema === undefined) return undefined;
  const apiVersion = apiVersionOf(def);
  return (object) => (object.apiVersion === apiVersion ? object : { ...object, apiVersion });
}

interface Matching {
  readonly matches?: (object: ApiObject) => boolean;
}

/** What a reader says of objects is about the form that it sees. Where forms differ in name only, either will do. */
export function inStoredForm<Scope extends Matching>({ view }: ResourceDef, scope: Scope): Scope {
  const { matches } = scope;
  if (view === undefined || matches === undefined) return scope;
  return { ...scope, matches: (object) => matches(view.toShown(object)) };
}
