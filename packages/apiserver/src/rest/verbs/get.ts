import type { Exchange } from "../exchange.ts";
import { answerObject, presenterOf } from "../present.ts";
import type { ObjectPath } from "../request-path.ts";

/** GET of one object. As in Kubernetes, `watch` says nothing here: a watch is of a collection. */
export function get(exchange: Exchange, { def, name, namespace }: ObjectPath): Promise<void> {
  const presenter = presenterOf(exchange, def);
  return answerObject(exchange, presenter, 200, exchange.options.registry.get(def, name, namespace));
}
