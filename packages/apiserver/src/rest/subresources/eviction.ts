import { asRecord } from "../../json.ts";
import { StatusError } from "../../status.ts";
import type { Exchange } from "../exchange.ts";
import { answerSuccess } from "../present.ts";
import { readObject } from "../read-object.ts";
import type { ObjectPath } from "../request-path.ts";
import { deleteOptions, writeOptions } from "../write-options.ts";

const evictionKind = { group: "policy", version: "v1", kind: "Eviction" };

/** POST pods/NAME/eviction: a deletion that `kubectl drain` asks for. No PodDisruptionBudget is heeded here. */
export async function evict(exchange: Exchange, { def, name, namespace }: ObjectPath): Promise<void> {
  const { fieldValidation, dryRun } = writeOptions(exchange, "CreateOptions");
  const eviction = await readObject(exchange, evictionKind, fieldValidation);
  const asked = eviction.metadata.name || name;
  if (asked !== name) {
    const message = `name in URL does not match name in Eviction object: ${name} and ${asked}`;
    throw new StatusError("BadRequest", message);
  }
  const options = deleteOptions(exchange, asRecord(eviction.deleteOptions));
  exchange.options.registry.delete(def, name, namespace, dryRun ? { ...options, dryRun } : options);
  return answerSuccess(exchange, 201);
}
