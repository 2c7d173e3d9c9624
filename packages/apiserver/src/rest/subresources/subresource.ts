import { StatusError } from "../../status.ts";
import { setCommonHeaders } from "../answer.ts";
import type { Exchange } from "../exchange.ts";
import { methodNotAllowed, notServed } from "../refuse.ts";
import type { ObjectPath } from "../request-path.ts";
import { get } from "../verbs/get.ts";
import { patch } from "../verbs/patch.ts";
import { replace } from "../verbs/replace.ts";
import { bind } from "./binding.ts";
import { evict } from "./eviction.ts";
import { proxy } from "./proxy.ts";
import { scale } from "./scale.ts";
import { token } from "./token.ts";

type Handler = (exchange: Exchange, path: ObjectPath) => Promise<void>;

/** What can be done with `…/NAME/SUBRESOURCE`, by method. */
const handlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  status: {
    GET: get,
    PUT: (exchange, path) => replace(exchange, path, "status"),
    PATCH: (exchange, path) => patch(exchange, path, "status"),
  },
  finalize: { PUT: (exchange, path) => replace(exchange, path, "finalize") },
  scale: { GET: scale, PUT: scale, PATCH: scale },
  binding: { POST: bind },
  eviction: { POST: evict },
  token: { POST: token },
  log: { GET: log },
  exec: { GET: upgradeRequired, POST: upgradeRequired },
  attach: { GET: upgradeRequired, POST: upgradeRequired },
  portforward: { GET: upgradeRequired, POST: upgradeRequired },
  proxy: { GET: proxy, POST: proxy, PUT: proxy, PATCH: proxy, DELETE: proxy },
};

export function onSubresource(exchange: Exchange, path: ObjectPath, subresource: string): Promise<void> {
  const served = path.def.subresources.some((each) => each === subresource);
  if (!served || !Object.hasOwn(handlers, subresource)) {
    throw notServed(exchange.path, exchange.options.registry);
  }
  const handler = handlers[subresource]![exchange.request.method ?? ""];
  if (handler === undefined) throw methodNotAllowed();
  return handler(exchange, path);
}

async function log(exchange: Exchange, { def, name, namespace }: ObjectPath): Promise<void> {
  const pod = exchange.options.registry.get(def, name, namespace);
  if (exchange.options.podLog === undefined)
    throw new StatusError("NotImplemented", "logs are not kept by this server");
  setCommonHeaders(exchange.response, exchange.warnings);
  return exchange.options.podLog(exchange, pod);
}

/** Streams begin with an upgrade, which never comes this way: the server's `upgrade` event does. */
function upgradeRequired(): never {
  throw new StatusError("BadRequest", "Upgrade request required");
}
