import type { UpdateOptions } from "../../registry/write-options.ts";
import type { Exchange } from "../exchange.ts";
import { answerObject, presenterOf } from "../present.ts";
import { readObject } from "../read-object.ts";
import type { ObjectPath } from "../request-path.ts";
import { writeOptions } from "../write-options.ts";

/** PUT of one object, or of its status or finalizers. */
export async function replace(
  exchange: Exchange,
  { def, name, namespace }: ObjectPath,
  subresource?: UpdateOptions["subresource"],
): Promise<void> {
  const options = writeOptions(exchange, "UpdateOptions");
  const presenter = presenterOf(exchange, def);
  const object = await readObject(exchange, def, options.fieldValidation);
  exchange.warnings.push(...(def.warnings?.(object) ?? []));
  const stored = exchange.options.registry.update(def, object, name, namespace, {
    ...options,
    ...(subresource === undefined ? {} : { subresource }),
  });
  return answerObject(exchange, presenter, 200, stored);
}
