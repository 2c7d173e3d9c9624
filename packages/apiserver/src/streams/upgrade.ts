import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { createWebSocketStream } from "ws";
import type { ApiObject } from "../api-object.ts";
import { asRecord } from "../json.ts";
import type { Registry } from "../registry/registry.ts";
import { splitUrl } from "../rest/exchange.ts";
import { booleanParam } from "../rest/query.ts";
import { parseResourcePath, type ResourcePath } from "../rest/request-path.ts";
import { openWatch, type WatchDependencies } from "../rest/verbs/watch.ts";
import { StatusError } from "../status.ts";
import { commandRequest } from "./command/command-request.ts";
import { serveCommand } from "./command/serve-command.ts";
import { commandProtocols, spdyChannels } from "./command/spdy-channels.ts";
import { commandSubprotocols, webSocketChannels } from "./command/websocket-channels.ts";
import { containerStatus, findContainer, podTarget, requireHost } from "./find-container.ts";
import { serveLog } from "./log.ts";
import type { PodStreams } from "./pod-streams.ts";
import { dialer } from "./port-forward/forward.ts";
import { portForwardProtocol, servePortForward } from "./port-forward/spdy-port-forward.ts";
import {
  portForwardSubprotocols,
  portsParam,
  serveChannelPortForward,
  tunnelSubprotocols,
} from "./port-forward/websocket-port-forward.ts";
import { acceptSpdy, chooseProtocol } from "./spdy/accept.ts";
import { refuseUpgrade, UpgradeRefusal } from "./upgrade-refusal.ts";
import { acceptWebSocket, chooseSubprotocol, firstSubprotocol } from "./websocket/accept.ts";
import { webSocketSink } from "./websocket/watch-sink.ts";

export interface UpgradeOptions extends WatchDependencies {
  /** Absent: the server has no node, and refuses what leads there. */
  readonly streams: PodStreams | undefined;
  /** Throws StatusError for who may not. */
  readonly admit: () => void;
}

/** A request that asks for another protocol on its connection. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly query: URLSearchParams;
  readonly protocol: "websocket" | "spdy";
}

/** An upgrade that leads into a pod. */
interface PodUpgrade extends Upgrade {
  readonly pod: ApiObject;
  readonly streams: PodStreams;
}

/**
 * Serves exec, attach and portforward, and by WebSocket also watches and logs, on a connection that the HTTP server has let
 * go of. Resolves at its end; never rejects.
 */
export async function handleUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options: UpgradeOptions,
): Promise<void> {
  socket.on("error", () => {});
  try {
    options.admit();
    // As it was judged: not with its dots resolved, as `URL` would.
    const { path, query } = splitUrl(request.url ?? "/");
    const target = resourcePath(path, options.registry);
    const upgrade = { request, socket, head, query, protocol: protocolOf(request) };
    if (target !== undefined && target.name === undefined && booleanParam(query, "watch"))
      await watch(upgrade, target, options);
    else await intoPod(upgrade, target, options);
  } catch (error) {
    refuseUpgrade(socket, error);
  }
}

/** @throws StatusError or UpgradeRefusal */
async function intoPod(
  upgrade: Upgrade,
  target: ResourcePath | undefined,
  { registry, streams }: UpgradeOptions,
): Promise<void> {
  const { def, name, namespace, subresource = "" } = target ?? {};
  if (def?.plural !== "pods" || def.group !== "" || name === undefined) throw noUpgrade();
  if (!["exec", "attach", "portforward", "log"].includes(subresource)) throw noUpgrade();
  if (upgrade.request.method !== "GET" && upgrade.request.method !== "POST") {
    throw new StatusError(
      "MethodNotAllowed",
      "the server does not allow this method on the requested resource",
    );
  }
  const pod = registry.get(def, name, namespace);
  if (subresource !== "log") requireHost(pod);
  if (streams === undefined)
    throw new StatusError("NotImplemented", `${subresource} is not supported by this server`);
  const podUpgrade = { ...upgrade, pod, streams };
  if (subresource === "portforward") return portForward(podUpgrade);
  if (subresource !== "log") return command(podUpgrade, subresource as "exec" | "attach");
  if (upgrade.protocol !== "websocket") throw noUpgrade();
  return serveLog(upgrade, pod, streams);
}

async function watch(upgrade: Upgrade, target: ResourcePath, options: WatchDependencies): Promise<void> {
  const { request, socket, head, query, protocol } = upgrade;
  if (protocol !== "websocket" || request.method !== "GET" || target.def.answer !== undefined)
    throw noUpgrade();
  if (socket.destroyed) return;
  const opened = openWatch({ request, query, options }, target);
  // Of the connection itself, which may also end with a handshake that is no good.
  socket.once("close", () => opened.close());
  const webSocket = await acceptWebSocket(request, socket, head, firstSubprotocol(request));
  await opened.stream(webSocketSink(webSocket));
}

function resourcePath(path: string, registry: Registry): ResourcePath | undefined {
  try {
    return parseResourcePath(path, registry);
  } catch {
    // Its percent-encoding is broken.
    return undefined;
  }
}

const noUpgrade = () =>
  new StatusError("BadRequest", "only exec, attach, portforward and log of pods, and watches, are upgraded");

function protocolOf(request: IncomingMessage): "websocket" | "spdy" {
  const asked = (request.headers.upgrade ?? "").toLowerCase();
  if (asked === "websocket") return "websocket";
  if (asked.startsWith("spdy/3.1")) return "spdy";
  throw new UpgradeRefusal(400, `unable to upgrade: unknown protocol ${JSON.stringify(asked)}`);
}

async function command(upgrade: PodUpgrade, subresource: "exec" | "attach"): Promise<void> {
  const { request, socket, head, query, pod, streams } = upgrade;
  const { container, command: argv, io } = commandRequest(query, subresource);
  const place = findContainer(pod, container);
  if (asRecord(containerStatus(pod, place.container).state).running === undefined)
    throw new UpgradeRefusal(500, `container not found (${JSON.stringify(place.container)})`);
  const start = () => (subresource === "exec" ? streams.exec(place, argv, io) : streams.attach(place, io));
  if (upgrade.protocol === "websocket") {
    const chosen = chooseSubprotocol(request, commandSubprotocols);
    const webSocket = await acceptWebSocket(request, socket, head, chosen);
    return serveCommand(webSocketChannels(webSocket, chosen, io), subresource, start);
  }
  const chosen = chooseProtocol(request, commandProtocols);
  acceptSpdy(socket, head, chosen);
  const channels = await spdyChannels(socket, chosen, io);
  if (channels !== undefined) await serveCommand(channels, subresource, start);
}

async function portForward({
  request,
  socket,
  head,
  query,
  protocol,
  pod,
  streams,
}: PodUpgrade): Promise<void> {
  if (asRecord(pod.status).phase !== "Running") {
    throw new StatusError(
      "BadRequest",
      `unable to forward port because pod is not running. Current status=${String(asRecord(pod.status).phase)}`,
    );
  }
  const dial = dialer(streams, podTarget(pod));
  if (protocol === "spdy") {
    acceptSpdy(socket, head, chooseProtocol(request, [portForwardProtocol]));
    return servePortForward(socket, dial);
  }
  const chosen = chooseSubprotocol(request, [...tunnelSubprotocols, ...portForwardSubprotocols]);
  if (tunnelSubprotocols.some((name) => name === chosen)) {
    const webSocket = await acceptWebSocket(request, socket, head, chosen);
    return servePortForward(createWebSocketStream(webSocket), dial);
  }
  const ports = portsParam(query);
  const webSocket = await acceptWebSocket(request, socket, head, chosen);
  return serveChannelPortForward(webSocket, chosen, ports, dial);
}
