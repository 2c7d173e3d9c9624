import { sameJson } from "../../json.ts";
import type { Schema, SchemaSource } from "../../schema/schema.ts";
import { malformed, PatchError } from "../patch-error.ts";
import { fieldSchema } from "../schema-field.ts";
import { changeOwners, excluding } from "./change-owners.ts";
import { compareValues } from "./compare-values.ts";
import { type Conflict, conflictsOf } from "./conflicts.ts";
import type { FieldSet } from "./field-set.ts";
import { fieldsOf } from "./fields-of.ts";
import { lastAppliedFields, withLastApplied } from "./last-applied.ts";
import { decodeManagers, identityOf, type Manager, type Managers, timeText } from "./managers.ts";
import { mergeValues } from "./merge-values.ts";
import {
  fieldsNamed,
  managedFieldsOf,
  ownable,
  withManagedFields,
  withManager,
  withoutManagedFields,
} from "./own-metadata.ts";
import { prune } from "./prune.ts";
import { TypedField } from "./typed-field.ts";
import { checkApplied } from "./validate-applied.ts";

type JsonObject = Readonly<Record<string, unknown>>;

export interface ApplyRequest {
  /** The object as it is stored; undefined when the apply creates it. */
  readonly live: JsonObject | undefined;
  /** The configuration, complete with apiVersion, kind and metadata.name. */
  readonly applied: JsonObject;
  /** Of the kind; undefined for a kind without one, whose lists are then owned whole. */
  readonly schema: Schema | undefined;
  readonly schemas: SchemaSource;
  /** The field manager that the request names. */
  readonly manager: string;
  /** Takes fields from other managers instead of failing. */
  readonly force: boolean;
  /** `status`, `scale`; "" for the object itself. */
  readonly subresource: string;
  /** Of the endpoint: `apps/v1`. */
  readonly apiVersion: string;
  readonly now: Date;
  /** What the endpoint does not write, as paths of names. */
  readonly resetFields: readonly (readonly string[])[];
}

type ApplyResult = { readonly object: JsonObject } | { readonly conflicts: readonly Conflict[] };

/**
 * Server-side apply (Kubernetes documentation, "Server-Side Apply"): the live object with the applied configuration merged
 * into it, without what the manager applied before and applies no more, and with `metadata.managedFields` brought up to
 * date; or the fields that others own and that would change. Throws PatchError for a configuration that cannot be applied.
 */
export function serverSideApply(request: ApplyRequest): ApplyResult {
  const { live, applied, apiVersion } = request;
  if (applied.apiVersion !== apiVersion) {
    throw malformed(
      `Incorrect version specified in apply patch. Specified patch version: ${applied.apiVersion}, expected: ${apiVersion}`,
    );
  }
  const sent = managedFieldsOf(applied);
  if (sent !== undefined && sent !== null) throw malformed("metadata.managedFields must be nil");
  return new Application(request, live === undefined ? undefined : withoutManagedFields(live)).result();
}

class Application {
  readonly #request: ApplyRequest;
  readonly #live: JsonObject | undefined;
  readonly #field: TypedField;
  readonly #reset: FieldSet;

  constructor(request: ApplyRequest, live: JsonObject | undefined) {
    const { schemas, schema } = request;
    this.#request = request;
    this.#live = live;
    this.#field = new TypedField(schemas, fieldSchema(schemas, schema));
    this.#reset = fieldsNamed(request.resetFields);
  }

  result(): ApplyResult {
    const { applied, manager, force } = this.#request;
    checkApplied(applied, this.#field);
    const result = this.#apply(force);
    if (manager !== "kubectl") return result;
    const upgraded = "conflicts" in result ? this.#upgrade(result.conflicts) : result;
    return "object" in upgraded ? { object: withLastApplied(upgraded.object, applied) } : upgraded;
  }

  #apply(force: boolean): ApplyResult {
    const { applied, manager, apiVersion, subresource, now } = this.#request;
    const live = this.#live ?? {};
    const before = this.#managersBefore();
    const self = { manager, operation: "Apply", apiVersion, subresource } as const;
    const id = identityOf(self);
    const previous = before.get(id);
    const fields = fieldsOf(applied, this.#field).recursiveDifference(this.#reset);
    const claimed = new Map(before).set(id, { ...self, fields });
    const merged = mergeValues(live, applied, this.#field) as JsonObject;
    const object = prune(merged, previous?.fields, claimed, this.#field);
    const change = excluding(compareValues(live, object, this.#field), this.#reset);
    const { managers, taken } = changeOwners(claimed, change, id);
    if (taken.length > 0 && !force) return { conflicts: conflictsOf(taken) };
    const unchanged = previous?.time !== undefined && sameJson(live, object);
    const time = unchanged ? previous.time : timeText(now);
    const owned = withManager(managers, id, { ...self, time, fields: ownable(fields) });
    return { object: withManagedFields(object, owned) };
  }

  /** An object that nobody's fields are known of is all its past's, so that an apply does not take it over silently. */
  #managersBefore(): Managers {
    const { live, apiVersion, now } = this.#request;
    const decoded = decodeManagers(managedFieldsOf(live));
    if (decoded === undefined) throw new PatchError("InternalError", "failed to decode managed fields");
    if (decoded.size > 0 || this.#live === undefined) return decoded;
    const added = compareValues({}, this.#live, this.#field).added.recursiveDifference(this.#reset);
    const past: Manager = {
      manager: "before-first-apply",
      operation: "Update",
      apiVersion,
      subresource: "",
      time: timeText(now),
      fields: ownable(added),
    };
    return withManager(decoded, identityOf(past), past);
  }

  /** `kubectl apply --server-side` over what `kubectl apply` wrote: conflicts with oneself are none. */
  #upgrade(conflicts: readonly Conflict[]): ApplyResult {
    const live = this.#live ?? {};
    const fields = lastAppliedFields(live, this.#request.apiVersion, this.#field);
    const own = new Set(fields?.paths() ?? []);
    const others = conflicts.filter(({ field }) => !own.has(field));
    return others.length === 0 ? this.#apply(true) : { conflicts: others };
  }
}
