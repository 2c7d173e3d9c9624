import { isRecord } from "../../json.ts";
import type { FieldSet } from "./field-set.ts";
import { decodeFields, encodeFields, type FieldsV1 } from "./fields-v1.ts";

/** Who owns which fields: one entry of `metadata.managedFields`, decoded. */
export interface Manager {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  /** RFC 3339, whole seconds. */
  readonly time?: string;
  /** "" for the object itself. */
  readonly subresource: string;
  readonly fields: FieldSet;
}

/** By identity: applies of one manager are one entry whatever their version, updates are one a version. */
export type Managers = ReadonlyMap<string, Manager>;

/** meta/v1 ManagedFieldsEntry. */
export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: "FieldsV1";
  readonly fieldsV1: FieldsV1;
  readonly subresource?: string;
}

/** The entry's key in `Managers`; sorting by it is the order that real servers merge old entries in. */
export function identityOf(entry: Omit<Manager, "fields">): string {
  const { manager, operation, apiVersion, subresource } = entry;
  return JSON.stringify({
    manager,
    operation,
    ...(operation === "Apply" ? {} : { apiVersion }),
    ...(subresource === "" ? {} : { subresource }),
  });
}

/** What `metadata.managedFields` says; undefined when it is malformed, which makes all of it void. */
export function decodeManagers(managedFields: unknown): Managers | undefined {
  const managers = new Map<string, Manager>();
  if (managedFields === undefined || managedFields === null) return managers;
  if (!Array.isArray(managedFields)) return undefined;
  for (const entry of managedFields) {
    const manager = decodeEntry(entry);
    if (manager === undefined) return undefined;
    managers.set(identityOf(manager), manager);
  }
  return managers;
}

function decodeEntry(entry: unknown): Manager | undefined {
  if (!isRecord(entry)) return undefined;
  const { manager = "", operation, apiVersion, time, fieldsType, fieldsV1 = {}, subresource = "" } = entry;
  if (operation !== "Apply" && operation !== "Update") return undefined;
  if (typeof manager !== "string" || typeof subresource !== "string") return undefined;
  if (typeof apiVersion !== "string" || apiVersion === "" || fieldsType !== "FieldsV1") return undefined;
  const fields = decodeFields(fieldsV1);
  if (fields === undefined) return undefined;
  const when = typeof time === "string" ? { time } : {};
  return { manager, operation, apiVersion, ...when, subresource, fields };
}

/** Sorted as real servers do: applies before updates, then by time, manager, version and subresource. */
export function encodeManagers(managers: Managers): readonly ManagedFieldsEntry[] {
  return [...managers.values()].sort(compareManagers).map((entry) => ({
    manager: entry.manager,
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    ...(entry.time === undefined ? {} : { time: entry.time }),
    fieldsType: "FieldsV1",
    fieldsV1: encodeFields(entry.fields),
    ...(entry.subresource === "" ? {} : { subresource: entry.subresource }),
  }));
}

function compareManagers(a: Manager, b: Manager): number {
  return (
    compareTexts(a.operation, b.operation) ||
    compareTimes(a, b) ||
    compareTexts(a.manager, b.manager) ||
    compareTexts(a.apiVersion, b.apiVersion) ||
    compareTexts(a.subresource, b.subresource)
  );
}

export function compareTimes(a: Manager, b: Manager): number {
  return seconds(a) - seconds(b);
}

function seconds({ time }: Manager): number {
  return Math.floor((Date.parse(time ?? "") || 0) / 1000);
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** As `time` has it. */
export function timeText(now: Date): string {
  return now.toISOString().replace(/\.\d+Z$/, "Z");
}
