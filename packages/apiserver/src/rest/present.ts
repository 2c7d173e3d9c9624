import type { ApiObject } from "../api-object.ts";
import type { ResourceDef } from "../registry/resource-def.ts";
import { type Presenter, presenterFor } from "../representation/presenter.ts";
import type { ListMeta } from "../representation/shapes.ts";
import { answer } from "./answer.ts";
import type { Exchange } from "./exchange.ts";

/** How this client wants to read objects of a kind. Asked before a write, so that nothing is done for nothing. */
export function presenterOf({ request, query, options }: Exchange, def: ResourceDef): Presenter {
  return presenterFor(request.headers.accept, def, query, options.clock);
}

export function answerObject(
  exchange: Exchange,
  presenter: Presenter,
  code: number,
  object: ApiObject,
): Promise<void> {
  return answer(exchange, code, presenter.contentType, presenter.object(object));
}

export function answerList(
  exchange: Exchange,
  def: ResourceDef,
  items: readonly ApiObject[],
  meta: ListMeta,
): Promise<void> {
  const presenter = presenterOf(exchange, def);
  return answer(exchange, 200, presenter.contentType, presenter.list(items, meta));
}

/** meta/v1 Status of a request that has nothing better to answer with. */
export function answerSuccess(exchange: Exchange, code: number): Promise<void> {
  const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code };
  return answer(exchange, code, "application/json", JSON.stringify(status));
}
