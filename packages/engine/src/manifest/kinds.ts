import type { ClusterObject } from "../model/objects.ts";
import type { ConvertContext } from "./convert.ts";
import { convertNamespace, convertNode, convertService } from "./convert-core.ts";
import { convertNetworkPolicy } from "./convert-network-policy.ts";
import {
  convertCronJob,
  convertDaemonSet,
  convertJob,
  convertPod,
  convertReplicated,
} from "./convert-pod.ts";
import { isObject } from "./decode.ts";
import { type FieldError, fieldError } from "./field-error.ts";
import type { ObjectSchema } from "./schema.ts";
import { namespace, node, pod, service } from "./schema-core.ts";
import { networkPolicy } from "./schema-network-policy.ts";
import { cronJob, job, replicated } from "./schema-workload.ts";
import { validateMetadata } from "./validate-metadata.ts";
import { checkDnsLabel, checkDnsSubdomain } from "./validate-names.ts";
import { validateNetworkPolicy } from "./validate-network-policy.ts";
import { validatePodSpec } from "./validate-pod.ts";
import { validateService } from "./validate-service.ts";
import { validateCronJob, validateJob, validateReplicated } from "./validate-workload.ts";

/** What the engine does with a kind. `validate` and `convert` take what `schema` has decoded without wrong types. */
export interface KindDefinition {
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespaced: boolean;
  readonly schema: ObjectSchema;
  validate(decoded: unknown): FieldError[];
  convert(decoded: unknown, context: ConvertContext): ClusterObject;
}

/** Ties a kind's schema to functions on the type that the schema describes. */
function define<Raw>(
  apiVersion: string,
  kind: string,
  schema: ObjectSchema,
  validate: (raw: Raw) => FieldError[],
  convert: (raw: Raw, context: ConvertContext) => ClusterObject,
): [string, KindDefinition] {
  return [
    kind,
    {
      kind,
      apiVersion,
      namespaced: kind !== "Namespace" && kind !== "Node",
      schema,
      validate: (decoded) => validate(decoded as Raw),
      convert: (decoded, context) => convert(decoded as Raw, context),
    },
  ];
}

const definitions: ReadonlyMap<string, KindDefinition> = new Map([
  define(
    "v1",
    "Namespace",
    namespace,
    ({ metadata }) => validateMetadata(metadata, checkDnsLabel, false),
    convertNamespace,
  ),
  define(
    "v1",
    "Node",
    node,
    ({ metadata }) => validateMetadata(metadata, checkDnsSubdomain, false),
    convertNode,
  ),
  define(
    "v1",
    "Pod",
    pod,
    ({ metadata, spec }) => [
      ...validateMetadata(metadata, checkDnsSubdomain, true),
      ...validatePodSpec(spec, ["spec"]),
    ],
    convertPod,
  ),
  define("v1", "Service", service, validateService, convertService),
  define("networking.k8s.io/v1", "NetworkPolicy", networkPolicy, validateNetworkPolicy, convertNetworkPolicy),
  define(
    "v1",
    "ReplicationController",
    replicated,
    validateReplicated,
    convertReplicated("ReplicationController"),
  ),
  define("apps/v1", "Deployment", replicated, validateReplicated, convertReplicated("Deployment")),
  define("apps/v1", "ReplicaSet", replicated, validateReplicated, convertReplicated("ReplicaSet")),
  define("apps/v1", "StatefulSet", replicated, validateReplicated, convertReplicated("StatefulSet")),
  define("apps/v1", "DaemonSet", replicated, validateReplicated, convertDaemonSet),
  define("batch/v1", "Job", job, validateJob, convertJob),
  define("batch/v1", "CronJob", cronJob, validateCronJob, convertCronJob),
]);

/** Groups of Kubernetes itself that have, or had, one of the kinds above. */
const ownGroups = new Set(["", "apps", "batch", "extensions", "networking.k8s.io"]);

export type Identified =
  | { readonly definition: KindDefinition }
  /** A kind that says nothing of network policies. */
  | { readonly skipped: string }
  | { readonly error: FieldError };

/** Tells what an object is by its apiVersion and kind. A kind of the same name in a group of others is skipped. */
export function identify(value: unknown): Identified {
  if (!isObject(value)) {
    const what = Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`;
    return { error: fieldError("not-an-object", [], `expected a Kubernetes object, found ${what}`) };
  }
  const { apiVersion, kind } = value;
  if (typeof kind !== "string" || kind === "") {
    return { error: fieldError("not-an-object", ["kind"], "Object 'Kind' is missing") };
  }
  if (typeof apiVersion !== "string" || apiVersion === "") {
    return { error: fieldError("not-an-object", ["apiVersion"], "Object 'apiVersion' is missing") };
  }
  const definition = definitions.get(kind);
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  if (definition === undefined || !ownGroups.has(group)) return { skipped: `${apiVersion} ${kind}` };
  if (definition.apiVersion !== apiVersion) {
    const message = `no matches for kind "${kind}" in version "${apiVersion}": use ${definition.apiVersion}`;
    return { error: fieldError("unsupported-version", ["apiVersion"], message) };
  }
  return { definition };
}
