import { asList, asRecord, asString } from "../../json.ts";
import { timestamp } from "../../registry/deletion.ts";
import { conflict } from "../../registry/refusals.ts";
import { StatusError } from "../../status.ts";
import type { Exchange } from "../exchange.ts";
import { answerSuccess } from "../present.ts";
import { readObject } from "../read-object.ts";
import type { ObjectPath } from "../request-path.ts";
import { writeOptions } from "../write-options.ts";

const bindingKind = { group: "", version: "v1", kind: "Binding" };

/** POST pods/NAME/binding: a scheduler says which node the pod runs on, once. */
export async function bind(exchange: Exchange, { def, name, namespace }: ObjectPath): Promise<void> {
  const { fieldValidation, ...options } = writeOptions(exchange, "CreateOptions");
  const binding = await readObject(exchange, bindingKind, fieldValidation);
  const target = asRecord(binding.target);
  if (target.name === undefined || (target.kind ?? "Node") !== "Node")
    throw new StatusError("BadRequest", "a Binding needs a target of kind Node with a name");
  const { registry, clock } = exchange.options;
  const pod = registry.get(def, name, namespace);
  const bound = asString(asRecord(pod.spec).nodeName);
  if (bound !== "")
    throw conflict(def, name, `pod ${name} is already assigned to node "${bound}"`, "binding");
  const spec = { ...asRecord(pod.spec), nodeName: target.name };
  const placed = registry.update(def, { ...pod, spec }, name, namespace, options);
  if (!options.dryRun) {
    const status = withScheduled(asRecord(placed.status), clock());
    registry.update(def, { ...placed, status }, name, namespace, { ...options, subresource: "status" });
  }
  return answerSuccess(exchange, 201);
}

function withScheduled(status: Readonly<Record<string, unknown>>, now: Date) {
  const others = asList(status.conditions).filter((each) => asRecord(each).type !== "PodScheduled");
  const scheduled = { type: "PodScheduled", status: "True", lastTransitionTime: timestamp(now.getTime()) };
  return { ...status, conditions: [...others, scheduled] };
}
