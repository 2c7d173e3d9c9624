import { asList, asRecord, asString, isRecord } from "../json.ts";
import type { DeleteOptions } from "../registry/deletion.ts";
import { invalidOptions } from "../registry/refusals.ts";
import type { FieldError } from "../registry/resource-def.ts";
import type { WriteOptions } from "../registry/write-options.ts";
import type { Exchange } from "./exchange.ts";
import { booleanParam, numberParam } from "./query.ts";

export type FieldValidation = "Strict" | "Warn" | "Ignore";

/** CreateOptions, UpdateOptions or PatchOptions of a query. Throws Invalid in the API server's words. */
export function writeOptions(
  { query, request, user }: Exchange,
  kind: "CreateOptions" | "UpdateOptions" | "PatchOptions",
): WriteOptions & { readonly fieldValidation: FieldValidation } {
  const fieldValidation = query.get("fieldValidation") || "Warn";
  const dryRun = query.getAll("dryRun").filter((each) => each !== "");
  const errors = [
    ...validateDryRun(dryRun),
    ...validateManager(query.get("fieldManager") ?? ""),
    ...(["Strict", "Warn", "Ignore"].includes(fieldValidation)
      ? []
      : [unsupported("fieldValidation", fieldValidation, ["Ignore", "Strict", "Warn"])]),
  ];
  if (errors.length > 0) throw invalidOptions(kind, errors);
  const manager = query.get("fieldManager") || managerOfAgent(request.headers["user-agent"]);
  return {
    user,
    fieldValidation: fieldValidation as FieldValidation,
    ...(dryRun.length > 0 ? { dryRun: true } : {}),
    ...(manager === undefined ? {} : { fieldManager: manager }),
  };
}

/** DeleteOptions, of the body when there is one, else of the query. Throws Invalid or BadRequest. */
export function deleteOptions(
  { query, user }: Exchange,
  body: Readonly<Record<string, unknown>> | undefined,
): DeleteOptions & WriteOptions {
  const sent = body ?? ofQuery(query);
  const dryRun = [
    ...asList(sent.dryRun).map(String),
    ...query.getAll("dryRun").filter((each) => each !== ""),
  ];
  const { gracePeriodSeconds: grace, propagationPolicy: policy, orphanDependents: orphan } = sent;
  const errors = [...validateDryRun(dryRun), ...validatePropagation(policy, orphan)];
  if (errors.length > 0) throw invalidOptions("DeleteOptions", errors);
  const propagationPolicy = policy ?? (orphan === undefined ? undefined : orphan ? "Orphan" : "Background");
  const { uid, resourceVersion } = asRecord(sent.preconditions);
  return {
    user,
    ...(dryRun.length > 0 ? { dryRun: true } : {}),
    ...(typeof grace === "number" ? { gracePeriodSeconds: Math.max(0, grace) } : {}),
    ...(propagationPolicy === undefined
      ? {}
      : { propagationPolicy: propagationPolicy as NonNullable<DeleteOptions["propagationPolicy"]> }),
    ...(isRecord(sent.preconditions)
      ? {
          preconditions: {
            ...(uid === undefined ? {} : { uid: asString(uid) }),
            ...(resourceVersion === undefined ? {} : { resourceVersion: asString(resourceVersion) }),
          },
        }
      : {}),
  };
}

function ofQuery(query: URLSearchParams): Readonly<Record<string, unknown>> {
  return {
    gracePeriodSeconds: numberParam(query, "gracePeriodSeconds"),
    propagationPolicy: query.get("propagationPolicy") || undefined,
    orphanDependents: query.get("orphanDependents") ? booleanParam(query, "orphanDependents") : undefined,
  };
}

function validateDryRun(values: readonly string[]): FieldError[] {
  return values.every((each) => each === "All") ? [] : [unsupported("dryRun", values, ["All"])];
}

const maxManagerLength = 128;

function validateManager(manager: string): FieldError[] {
  if (manager.length <= maxManagerLength && /^[\x20-\x7e]*$/.test(manager)) return [];
  const message =
    manager.length > maxManagerLength
      ? "Too long: may not be more than 128 bytes"
      : `Invalid value: ${JSON.stringify(manager)}: should only contain printable characters`;
  return [
    { path: "fieldManager", message, code: manager.length > maxManagerLength ? "too-long" : "invalid" },
  ];
}

function validatePropagation(policy: unknown, orphan: unknown): FieldError[] {
  if (policy === undefined || policy === null) return [];
  const path = "propagationPolicy";
  if (orphan !== undefined && orphan !== null) {
    const message = `Invalid value: ${JSON.stringify(policy)}: orphanDependents and deletionPropagation cannot be both set`;
    return [{ path, message, code: "invalid" }];
  }
  const known = ["Foreground", "Background", "Orphan"];
  return known.includes(policy as string) ? [] : [unsupported(path, policy, [...known, "nil"])];
}

function unsupported(path: string, value: unknown, values: readonly string[]): FieldError {
  const supported = values.map((each) => JSON.stringify(each)).join(", ");
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
  return { path, message, code: "not-supported" };
}

/** Who writes when the request does not say so: the program's name, up to the slash of its User-Agent. */
function managerOfAgent(agent: string | undefined): string | undefined {
  const [program = ""] = (agent ?? "").split("/");
  const name = program.replace(/[^\x20-\x7e]/g, "").slice(0, maxManagerLength);
  return name === "" ? undefined : name;
}
