import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { createWebSocketStream } from "ws";
import type { ApiObject } from "../api-object.ts";
import { asRecord } from "../json.ts";
import type { Registry } from "../registry/registry.ts";
import { splitUrl } from "../rest/exchange.ts";
import { parseResourcePath, type ResourcePath } from "../rest/request-path.ts";
import { StatusError } from "../status.ts";
import { commandRequest } from "./command/command-request.ts";
import { serveCommand } from "./command/serve-command.ts";
import { commandProtocols, spdyChannels } from "./command/spdy-channels.ts";
import { commandSubprotocols, webSocketChannels } from "./command/websocket-channels.ts";
import { containerStatus, findContainer, podTarget, requireHost } from "./find-container.ts";
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
import { acceptWebSocket, chooseSubprotocol } from "./websocket/accept.ts";

export interface UpgradeOptions {
  readonly registry: Registry;
  /** Absent: the server has no node, and refuses. */
  readonly streams: PodStreams | undefined;
  /** Throws StatusError for who may not. */
  readonly admit: () => void;
}

/** A request that asks for another protocol on its connection. */
interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly query: URLSearchParams;
  readonly protocol: "websocket" | "spdy";
  readonly pod: ApiObject;
  readonly streams: PodStreams;
}

/** Serves exec, attach and portforward on a connection that the HTTP server has let go of. Resolves at its end; never rejects. */
export async function handleUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options: UpgradeOptions,
): Promise<void> {
  socket.on("error", () => {});
  try {
    const { pod, subresource, query } = target(request, options);
    if (options.streams === undefined)
      throw new StatusError("NotImplemented", `${subresource} is not supported by this server`);
    const protocol = protocolOf(request);
    const upgrade = { request, socket, head, query, protocol, pod, streams: options.streams };
    if (subresource === "portforward") await portForward(upgrade);
    else await command(upgrade, subresource);
  } catch (error) {
    refuseUpgrade(socket, error);
  }
}

interface Target {
  readonly pod: ApiObject;
  readonly subresource: "exec" | "attach" | "portforward";
  readonly query: URLSearchParams;
}

function target(request: IncomingMessage, { registry, admit }: UpgradeOptions): Target {
  admit();
  // As it was judged: not with its dots resolved, as `URL` would.
  const { path: named, query } = splitUrl(request.url ?? "/");
  const path = resourcePath(named, registry);
  if (path?.def.plural !== "pods" || path.def.group !== "" || path.name === undefined) throw noUpgrade();
  const { subresource } = path;
  if (subresource !== "exec" && subresource !== "attach" && subresource !== "portforward") throw noUpgrade();
  if (request.method !== "GET" && request.method !== "POST") {
    throw new StatusError(
      "MethodNotAllowed",
      "the server does not allow this method on the requested resource",
    );
  }
  const pod = registry.get(path.def, path.name, path.namespace);
  requireHost(pod);
  return { pod, subresource, query };
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
  new StatusError("BadRequest", "only exec, attach and portforward of pods are upgraded");

function protocolOf(request: IncomingMessage): "websocket" | "spdy" {
  const asked = (request.headers.upgrade ?? "").toLowerCase();
  if (asked === "websocket") return "websocket";
  if (asked.startsWith("spdy/3.1")) return "spdy";
  throw new UpgradeRefusal(400, `unable to upgrade: unknown protocol ${JSON.stringify(asked)}`);
}

async function command(upgrade: Upgrade, subresource: "exec" | "attach"): Promise<void> {
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

async function portForward({ request, socket, head, query, protocol, pod, streams }: Upgrade): Promise<void> {
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
