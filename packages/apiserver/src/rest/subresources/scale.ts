import type { ApiObject } from "../../api-object.ts";
import { asRecord } from "../../json.ts";
import { ageColumn, integer, nameColumn } from "../../registry/kinds/columns/columns.ts";
import { invalid, invalidPatch } from "../../registry/refusals.ts";
import type { ResourceDef } from "../../registry/resource-def.ts";
import { applyPatch, readPatch } from "../apply-patch.ts";
import type { Exchange } from "../exchange.ts";
import { answerObject, presenterOf } from "../present.ts";
import { checkFields, readObject } from "../read-object.ts";
import type { ObjectPath } from "../request-path.ts";
import { writeOptions } from "../write-options.ts";

/** autoscaling/v1 Scale: how many there are and shall be of what an object manages. It is a view, and stored nowhere. */
const scaleDef: ResourceDef = {
  group: "autoscaling",
  version: "v1",
  kind: "Scale",
  plural: "scales",
  singular: "scale",
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  behaviour: "full",
  countsGeneration: false,
  selectableFields: {},
  columns: [
    nameColumn,
    integer("Desired", "Replicas that are wanted", ({ spec }) => replicasOf(spec)),
    integer("Available", "Replicas that there are", ({ status }) => replicasOf(status)),
    ageColumn,
  ],
  defaults: (object) => object,
  validate: (object) => {
    const replicas = replicasOf(asRecord(asRecord(object).spec));
    if (replicas >= 0) return [];
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    return [{ path: "spec.replicas", message, code: "invalid" }];
  },
};

export async function scale(exchange: Exchange, path: ObjectPath): Promise<void> {
  const { registry } = exchange.options;
  const presenter = presenterOf(exchange, scaleDef);
  const read = () => registry.get(path.def, path.name, path.namespace);
  if (exchange.request.method === "GET")
    return answerObject(exchange, presenter, 200, scaleOf(path.def, read()));
  const { wanted, options } = await (exchange.request.method === "PUT"
    ? replaced(exchange)
    : patched(exchange, path));
  const errors = scaleDef.validate(wanted);
  if (errors.length > 0) throw invalid(scaleDef, path.name, errors);
  const object = read();
  const { uid, resourceVersion } = wanted.metadata;
  const metadata = {
    ...object.metadata,
    uid: uid || object.metadata.uid,
    resourceVersion: resourceVersion || object.metadata.resourceVersion,
  } as ApiObject["metadata"];
  const next = { ...object, metadata, spec: { ...asRecord(object.spec), replicas: replicasOf(wanted.spec) } };
  const stored = registry.update(path.def, next, path.name, path.namespace, {
    ...options,
    subresource: "scale",
  });
  return answerObject(exchange, presenter, 200, scaleOf(path.def, stored));
}

async function replaced(exchange: Exchange) {
  const { fieldValidation, ...options } = writeOptions(exchange, "UpdateOptions");
  return { options, wanted: await readObject(exchange, scaleDef, fieldValidation) };
}

async function patched(exchange: Exchange, { def, name, namespace }: ObjectPath) {
  const { fieldValidation, ...options } = writeOptions(exchange, "PatchOptions");
  const request = await readPatch(exchange, scaleDef);
  const current = scaleOf(def, exchange.options.registry.get(def, name, namespace));
  const result = applyPatch(exchange, scaleDef, current, request) as ApiObject;
  return {
    options,
    wanted: checkFields(exchange, scaleDef, result, fieldValidation, (problems) =>
      invalidPatch(request.value, problems),
    ),
  };
}

function scaleOf(def: ResourceDef, object: ApiObject): ApiObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = def.scaleSelector?.(object);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as ApiObject["metadata"],
    spec: { replicas: replicasOf(object.spec) },
    status: { replicas: replicasOf(object.status), ...(selector === undefined ? {} : { selector }) },
  };
}

function replicasOf(part: unknown): number {
  const { replicas } = asRecord(part);
  return typeof replicas === "number" ? replicas : 0;
}
