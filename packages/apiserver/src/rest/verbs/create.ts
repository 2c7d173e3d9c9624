import { invalid } from "../../registry/refusals.ts";
import type { Exchange } from "../exchange.ts";
import { answerObject, presenterOf } from "../present.ts";
import { readObject } from "../read-object.ts";
import type { ResourcePath } from "../request-path.ts";
import { writeOptions } from "../write-options.ts";

/** POST to a collection; kinds that are asked and answered are answered, and leave no trace. */
export async function create(exchange: Exchange, { def, namespace }: ResourcePath): Promise<void> {
  const options = writeOptions(exchange, "CreateOptions");
  const presenter = presenterOf(exchange, def);
  const object = await readObject(exchange, def, options.fieldValidation);
  exchange.warnings.push(...(def.warnings?.(object) ?? []));
  if (def.answer !== undefined) {
    const errors = def.validate(object);
    if (errors.length > 0) throw invalid(def, object.metadata.name ?? "", errors);
    return answerObject(exchange, presenter, 201, def.answer(object, exchange.user));
  }
  const stored = exchange.options.registry.create(def, object, namespace, options);
  if (def.behaviour === "stored") {
    exchange.warnings.push(`${def.kind} is only stored by this server: nothing acts on it`);
  }
  return answerObject(exchange, presenter, 201, stored);
}
