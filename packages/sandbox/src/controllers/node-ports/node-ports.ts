import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type KubeObject, resources } from "@portcullis/kube";
import { joinConnections } from "../../streams/join-connections.ts";
import type { Controller, ControllerContext } from "../framework/controller.ts";
import { queueFor, teller } from "../framework/controller.ts";
import { keyOf } from "../framework/resource-cache.ts";

/** Opens a connection from the node to a Service's address. */
export type Dial = (address: string, port: number) => Promise<Duplex>;

interface NodePortService extends KubeObject {
  readonly spec: {
    readonly clusterIP?: string;
    readonly ports?: readonly {
      readonly port: number;
      readonly protocol?: string;
      readonly nodePort?: number;
    }[];
  };
}

interface Listener {
  readonly server: Server;
  readonly connections: Set<Socket>;
  /** Where it leads; a port may be given to another Service. */
  address: string;
  port: number;
}

const host = "127.0.0.1";

/**
 * Serves the TCP node ports of Services on this machine's loopback. Connections come from the node, as a kubelet's do, so
 * that policies let them pass. A port that another program has is told of and left alone.
 */
export function nodePortListener(context: ControllerContext, dial: Dial): Controller {
  const services = context.caches.of<NodePortService>(resources.services);
  const tell = teller(context, "node-ports");
  const listeners = new Map<number, Listener>();
  const ports = new Map<string, ReadonlySet<number>>();
  // One after the other: a port may change hands.
  const queue = queueFor(context, "node ports", sync, { concurrency: 1 });
  services.onChange((now, before) => {
    if (nodePortsOf(now).length + nodePortsOf(before).length > 0) queue.add(keyOf((now ?? before)!));
  });

  async function sync(key: string): Promise<void> {
    const service = services.get(key);
    const wanted = nodePortsOf(service);
    const former = ports.get(key) ?? new Set();
    const now = new Set(wanted.map(({ nodePort }) => nodePort));
    for (const port of former) if (!now.has(port)) close(port);
    if (now.size === 0) ports.delete(key);
    else ports.set(key, now);
    for (const { nodePort, port } of wanted) {
      const target = { address: service?.spec.clusterIP ?? "", port };
      const known = listeners.get(nodePort);
      if (known !== undefined) Object.assign(known, target);
      else await listen(service!, nodePort, target);
    }
  }

  async function listen(
    service: NodePortService,
    nodePort: number,
    target: { readonly address: string; readonly port: number },
  ): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
    const listener: Listener = { server, connections: new Set(), ...target };
    server.on("connection", (client) => void pass(client, listener));
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(nodePort, host, () => resolve());
      });
      server.on("error", () => {});
      listeners.set(nodePort, listener);
    } catch (error) {
      const why =
        (error as NodeJS.ErrnoException).code === "EADDRINUSE"
          ? "is taken by another program"
          : (error as Error).message;
      const message = `node port ${nodePort} is not served on ${host}: it ${why}`;
      context.log(`service ${keyOf(service)}: ${message}`);
      tell(service, "Warning", "NodePortUnavailable", message);
    }
  }

  async function pass(client: Socket, { connections, address, port }: Listener): Promise<void> {
    connections.add(client);
    client.on("error", () => {});
    client.once("close", () => connections.delete(client));
    try {
      joinConnections(client, await dial(address, port));
    } catch {
      // As where nobody listens; that a connection was made first cannot be helped here.
      client.resetAndDestroy();
    }
  }

  function close(port: number): void {
    const listener = listeners.get(port);
    listeners.delete(port);
    listener?.server.close();
    for (const connection of listener?.connections ?? []) connection.destroy();
  }

  return {
    start: () => queue.start(),
    stop() {
      queue.stop();
      for (const port of [...listeners.keys()]) close(port);
    },
  };
}

function nodePortsOf(service: NodePortService | undefined) {
  return (service?.spec.ports ?? []).flatMap(({ port, protocol = "TCP", nodePort = 0 }) =>
    nodePort > 0 && protocol === "TCP" ? [{ port, nodePort }] : [],
  );
}
