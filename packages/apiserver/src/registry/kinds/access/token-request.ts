import type { ApiObject } from "../../../api-object.ts";
import type { BoundObject, ServiceAccountTokens } from "../../../auth/tokens/service-account-tokens.ts";
import { asList, asRecord, asString, isRecord } from "../../../json.ts";
import { StatusError } from "../../../status.ts";
import { conflict, invalid as invalidObject } from "../../refusals.ts";
import type { Registry } from "../../registry.ts";
import type { FieldError, ResourceDef } from "../../resource-def.ts";
import { kindEntry } from "../entry.ts";
import { invalid } from "../validation/field-errors.ts";

/** authentication.k8s.io/v1 TokenRequest: only ever sent to the `token` subresource of a service account. */
const tokenRequests: ResourceDef = kindEntry({
  group: "authentication.k8s.io",
  version: "v1",
  kind: "TokenRequest",
  plural: "tokenrequests",
});

const defaultSeconds = 3600;
const leastSeconds = 600;
const mostSeconds = 2 ** 32;

/**
 * Answers a TokenRequest for a service account (`kubectl create token`): the request with the token in its status. Throws
 * StatusError: Invalid, BadRequest, NotFound for a bound object that does not exist, Conflict when it is another one.
 */
export function requestToken(
  sent: ApiObject,
  account: ApiObject,
  { registry, tokens }: { readonly registry: Registry; readonly tokens: ServiceAccountTokens },
): ApiObject {
  const spec = asRecord(sent.spec);
  const { name, namespace = "" } = account.metadata;
  const { expirationSeconds = defaultSeconds } = spec;
  const errors = secondsErrors(expirationSeconds);
  if (errors.length > 0) throw invalidObject(tokenRequests, "", errors);
  const asked = asList(spec.audiences).map(asString);
  const audiences = asked.length > 0 ? asked : [tokens.issuer];
  const binding = isRecord(spec.boundObjectRef) ? bind(spec.boundObjectRef, account, registry) : {};
  const seconds = expirationSeconds as number;
  const { token, expires } = tokens.issue({ account, audiences, expirationSeconds: seconds, ...binding });
  return {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    metadata: {
      ...sent.metadata,
      name,
      namespace,
      creationTimestamp: account.metadata.creationTimestamp ?? "",
    },
    spec: { ...spec, audiences, expirationSeconds },
    status: { token, expirationTimestamp: expires.toISOString().replace(/\.\d+Z$/, "Z") },
  };
}

function secondsErrors(value: unknown): readonly FieldError[] {
  const refuse = (why: string) => [invalid("spec.expirationSeconds", value, why)];
  if (typeof value !== "number" || !Number.isInteger(value)) return refuse("must be an integer");
  if (value < leastSeconds) return refuse("may not specify a duration less than 10 minutes");
  return value > mostSeconds ? refuse("may not specify a duration larger than 2^32 seconds") : [];
}

interface Binding {
  readonly bound: BoundObject;
  readonly node?: { readonly name: string; readonly uid: string };
}

/** The object that the token is to end with, and the node of a pod. */
function bind(ref: Readonly<Record<string, unknown>>, account: ApiObject, registry: Registry): Binding {
  const { kind, name, uid } = ref;
  const { namespace = "" } = account.metadata;
  if (kind !== "Pod" && kind !== "Secret" && kind !== "Node") {
    const type = `${asString(ref.apiVersion)}, Kind=${asString(kind)}`;
    throw new StatusError("BadRequest", `cannot bind token to object of type ${type}`);
  }
  const def = registry.find("", "v1", `${kind.toLowerCase()}s`);
  if (def === undefined)
    throw new StatusError("BadRequest", `cannot bind token to object of type /v1, Kind=${kind}`);
  const object = registry.get(def, asString(name), kind === "Node" ? "" : namespace);
  const actual = object.metadata.uid ?? "";
  if (asString(uid) !== "" && uid !== actual) {
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict(def, asString(name), why);
  }
  const bound = { kind, name: object.metadata.name, uid: actual } as const;
  if (kind !== "Pod") return { bound };
  const { serviceAccountName = "default", nodeName } = asRecord(object.spec);
  if (serviceAccountName !== account.metadata.name) {
    const why = `cannot bind token for serviceaccount "${account.metadata.name}" to pod running with different serviceaccount name.`;
    throw new StatusError("BadRequest", why);
  }
  const node = typeof nodeName === "string" ? nodeOf(nodeName, registry) : undefined;
  return { bound, ...(node === undefined ? {} : { node }) };
}

function nodeOf(name: string, registry: Registry): Binding["node"] {
  const def = registry.find("", "v1", "nodes");
  if (def === undefined) return undefined;
  const found = registry.list(def).items.find(({ metadata }) => metadata.name === name);
  return found === undefined ? undefined : { name, uid: found.metadata.uid ?? "" };
}
