import { StatusError } from "../status.ts";
import type { Exchange } from "./exchange.ts";
import { booleanParam } from "./query.ts";
import { methodNotAllowed, notServed } from "./refuse.ts";
import { type ObjectPath, parseResourcePath, type ResourcePath } from "./request-path.ts";
import { onSubresource } from "./subresources/subresource.ts";
import { create } from "./verbs/create.ts";
import { get } from "./verbs/get.ts";
import { list } from "./verbs/list.ts";
import { patch } from "./verbs/patch.ts";
import { remove, removeCollection } from "./verbs/remove.ts";
import { replace } from "./verbs/replace.ts";
import { watch } from "./verbs/watch.ts";

/** A request below /api or /apis that discovery did not answer. */
export async function onResource(exchange: Exchange): Promise<void> {
  const target = readPath(exchange);
  if (target === undefined) throw notServed(exchange.path, exchange.options.registry);
  const { method } = exchange.request;
  if (target.def.answer !== undefined) {
    if (method !== "POST" || target.name !== undefined) throw methodNotAllowed();
    return create(exchange, target);
  }
  if (isObjectPath(target)) {
    if (target.subresource !== undefined) return onSubresource(exchange, target, target.subresource);
    return onObject(exchange, target);
  }
  switch (method) {
    case "GET":
      return booleanParam(exchange.query, "watch") ? watch(exchange, target) : list(exchange, target);
    case "POST":
      if (target.def.namespaced && target.namespace === undefined) throw methodNotAllowed();
      return create(exchange, target);
    case "DELETE":
      // Namespaces go one by one, and only within a namespace does anything go together.
      if (target.def.heldBy !== undefined) throw methodNotAllowed();
      if (target.def.namespaced && target.namespace === undefined) throw methodNotAllowed();
      return removeCollection(exchange, target);
    default:
      throw methodNotAllowed();
  }
}

function onObject(exchange: Exchange, path: ObjectPath): Promise<void> {
  switch (exchange.request.method) {
    case "GET":
      return get(exchange, path);
    case "PUT":
      return replace(exchange, path);
    case "PATCH":
      return patch(exchange, path);
    case "DELETE":
      return remove(exchange, path);
    default:
      throw methodNotAllowed();
  }
}

function isObjectPath(target: ResourcePath): target is ObjectPath {
  return target.name !== undefined;
}

function readPath({ path, options }: Exchange): ResourcePath | undefined {
  try {
    return parseResourcePath(path, options.registry);
  } catch (error) {
    if (error instanceof URIError)
      throw new StatusError("BadRequest", "the path has a broken percent-encoding");
    throw error;
  }
}
