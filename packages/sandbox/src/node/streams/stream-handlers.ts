import { pipeline } from "node:stream/promises";
import { joinConnections } from "../../streams/join-connections.ts";
import { ControlRefusal } from "../control/control-refusal.ts";
import { findContainer, findPod } from "../control/find-container.ts";
import type { Kubelet } from "../kubelet.ts";
import { connectFromNode, connectInside } from "./connect.ts";
import { readLog } from "./log-reader.ts";
import { serveAttach } from "./serve-attach.ts";
import type { StreamHandlers } from "./serve-streams.ts";

/** What a running node streams. */
export function streamHandlers(kubelet: Kubelet): StreamHandlers {
  return {
    connect: async ({ port, ...ref }) => {
      const pod = findPod(kubelet, ref);
      if (!pod.connected) throw new ControlRefusal(`pod ${pod.key} has no network yet`);
      const inside = await connectInside(pod.network, port);
      return (connection) => joinConnections(connection, inside);
    },
    dial: async ({ address, port }) => {
      const inside = await connectFromNode(address, port);
      return (connection) => joinConnections(connection, inside);
    },
    log: (request) => {
      const container = findContainer(kubelet, request, "any");
      const log = request.previous ? container.previousLog : container.launched?.container.log;
      const { namespace, name } = request;
      if (log === undefined && request.previous)
        throw new ControlRefusal(
          `previous terminated container ${JSON.stringify(request.container)} in pod ${JSON.stringify(name)} not found`,
        );
      if (log === undefined)
        throw new ControlRefusal(
          `container ${request.container} of pod ${namespace}/${name} has not run yet`,
        );
      return (connection) => {
        // A reader that goes away in the middle is no failure.
        pipeline(readLog(log, request, Date.now()), connection).catch(() => {});
      };
    },
    attach: ({ stdin, ...ref }) => {
      const { container } = findContainer(kubelet, ref).launched!;
      return (connection) => serveAttach(container, stdin, connection);
    },
  };
}
