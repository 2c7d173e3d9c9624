import type { ApiObject } from "../../api-object.ts";
import { expired, invalidOptions } from "../../registry/refusals.ts";
import type { Scope } from "../../registry/registry.ts";
import type { FieldError } from "../../registry/resource-def.ts";
import { StatusError } from "../../status.ts";
import type { StoreList } from "../../store/store.ts";
import { type ContinueToken, continueExpired, decodeContinue, encodeContinue } from "../continue-token.ts";
import type { Exchange } from "../exchange.ts";
import { answerList } from "../present.ts";
import { numberParam, selectorParams } from "../query.ts";
import type { ResourcePath } from "../request-path.ts";

/** GET of a collection: all of it, or the next `limit` objects, all pieces at one revision. */
export function list(exchange: Exchange, target: ResourcePath): Promise<void> {
  const { query } = exchange;
  refuseContradictions(query);
  const scope = scopeOf(target, query);
  const token = query.get("continue") ? decodeContinue(query.get("continue")!) : undefined;
  const { items, revision } = listed(exchange, target, scope, token);
  const rest = token === undefined ? items : items.slice(firstAfter(items, token));
  const limit = numberParam(query, "limit") || rest.length;
  const page = rest.length <= limit ? rest : rest.slice(0, limit);
  const remaining = rest.length - page.length;
  const meta = {
    resourceVersion: String(revision),
    ...(remaining === 0 ? {} : { continue: tokenAfter(page, revision) }),
    // With selectors the API server does not know how many of the rest will match.
    ...(remaining === 0 || scope.matches !== undefined ? {} : { remainingItemCount: remaining }),
  };
  return answerList(exchange, target.def, page, meta);
}

/** A name in the path of a collection does not occur; a selector narrows what the path names. */
export function scopeOf({ def, namespace }: ResourcePath, query: URLSearchParams): Scope {
  const matches = selectorParams(query, def);
  return { ...(namespace === undefined ? {} : { namespace }), ...(matches === undefined ? {} : { matches }) };
}

function listed(
  { query, options }: Exchange,
  { def }: ResourcePath,
  scope: Scope,
  token: ContinueToken | undefined,
): StoreList {
  const { registry } = options;
  if (token !== undefined) {
    if (token.revision === undefined) return registry.list(def, scope);
    const then = registry.listAt(def, token.revision, scope);
    if (then === undefined) throw continueExpired(token);
    return then;
  }
  const asked = numberParam(query, "resourceVersion") ?? 0;
  const { revision } = options.registry;
  if (asked > revision) throw tooLarge(asked, revision);
  if (query.get("resourceVersionMatch") !== "Exact") return registry.list(def, scope);
  const then = registry.listAt(def, asked, scope);
  if (then === undefined) throw expired(asked, revision);
  return then;
}

/** The combinations that the API server refuses (apimachinery, internalversion/validation). */
function refuseContradictions(query: URLSearchParams): void {
  const match = query.get("resourceVersionMatch") ?? "";
  const version = query.get("resourceVersion") ?? "";
  const errors: FieldError[] = [];
  const forbid = (path: string, why: string) => {
    errors.push({ path, message: `Forbidden: ${why}`, code: "forbidden" });
  };
  if (query.get("sendInitialEvents")) forbid("sendInitialEvents", "sendInitialEvents is forbidden for list");
  if (match !== "" && version === "")
    forbid("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
  if (match !== "" && query.get("continue"))
    forbid("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
  if (match === "Exact" && version === "0")
    forbid("resourceVersionMatch", 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  if (match !== "" && match !== "Exact" && match !== "NotOlderThan") {
    const message = `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`;
    errors.push({ path: "resourceVersionMatch", message, code: "not-supported" });
  }
  if (errors.length > 0) throw invalidOptions("ListOptions", errors);
  if (query.get("continue") && version !== "" && version !== "0")
    throw new StatusError("BadRequest", "specifying resource version is not allowed when using continue");
}

/** Items are sorted by namespace, then name. */
function firstAfter(items: readonly ApiObject[], { namespace, name }: ContinueToken): number {
  const index = items.findIndex(({ metadata }) => {
    const where = metadata.namespace ?? "";
    return where === namespace ? metadata.name > name : where > namespace;
  });
  return index < 0 ? items.length : index;
}

function tokenAfter(page: readonly ApiObject[], revision: number): string {
  const { namespace = "", name } = page.at(-1)!.metadata;
  return encodeContinue({ revision, namespace, name });
}

function tooLarge(asked: number, current: number): StatusError {
  return new StatusError("Timeout", `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}
