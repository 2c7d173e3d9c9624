import { expect } from "vitest";
import { Schemas } from "../../schema/schemas.ts";
import { conflictStatus } from "./conflicts.ts";
import { resetFields } from "./reset-fields.ts";
import { type ApplyRequest, serverSideApply } from "./server-side-apply.ts";
import { trackUpdate } from "./track-update.ts";

export type Json = Readonly<Record<string, unknown>>;

export const schemas = new Schemas();

export const at = (second: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, second));

interface Options {
  readonly manager?: string;
  readonly force?: boolean;
  readonly subresource?: string;
  readonly now?: Date;
}

function kindOf(object: Json) {
  const apiVersion = String(object.apiVersion);
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  return { apiVersion, schemas, schema: schemas.ofKind(group!, version!, String(object.kind)) };
}

function request(live: Json | undefined, applied: Json, options: Options): ApplyRequest {
  const { manager = "a", force = false, subresource = "", now = at(0) } = options;
  const reset = resetFields(subresource, { hasStatus: true });
  return { live, applied, manager, force, subresource, now, resetFields: reset, ...kindOf(applied) };
}

/** The object after an apply that has to succeed. */
export function apply(live: Json | undefined, applied: Json, options: Options = {}): Json {
  const before = JSON.stringify(live);
  const result = serverSideApply(request(live, applied, options));
  expect(JSON.stringify(live)).toBe(before);
  if ("conflicts" in result) throw new Error(conflictStatus(result.conflicts).message);
  return result.object;
}

/** The fields that an apply is refused for, with the names of their owners. */
export function conflicts(live: Json, applied: Json, options: Options = {}) {
  const result = serverSideApply(request(live, applied, options));
  return "conflicts" in result ? result.conflicts : [];
}

export function update(old: Json | undefined, next: Json, options: Options = {}): Json {
  const { manager = "u", subresource = "", now = at(0) } = options;
  const reset = resetFields(subresource, { hasStatus: true });
  return trackUpdate({ old, next, manager, subresource, now, resetFields: reset, ...kindOf(next) });
}

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly fieldsV1: Json;
  readonly [field: string]: unknown;
}

export function managedFields(object: Json): readonly Entry[] {
  return ((object.metadata as Json).managedFields ?? []) as readonly Entry[];
}

/** FieldsV1 of each manager. */
export function owners(object: Json): Readonly<Record<string, Json>> {
  return Object.fromEntries(managedFields(object).map(({ manager, fieldsV1 }) => [manager, fieldsV1]));
}

export function deployment(spec: Json, metadata: Json = {}): Json {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default", ...metadata },
    spec,
  };
}

export function configMap(data: Json, metadata: Json = {}): Json {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c", namespace: "default", ...metadata },
    data,
  };
}

/** A Deployment whose only container is as given. */
export function withContainers(...containers: readonly Json[]): Json {
  return deployment({ template: { spec: { containers } } });
}
