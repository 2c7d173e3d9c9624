import type { Agent } from "@portcullis/agent";
import type { Nft } from "@portcullis/nft";
import type { Kubelet } from "../kubelet.ts";
import { runProbes } from "../network/probe.ts";
import type { Services } from "../services/services.ts";
import { ControlRefusal } from "./control-refusal.ts";
import type { ControlHandlers } from "./control-server.ts";
import { findContainer, findPod } from "./find-container.ts";
import { inspectFlow } from "./inspect-flow.ts";

export interface NodeParts {
  readonly agent: Agent;
  readonly nft: Nft;
  readonly services: Services;
  readonly kubelet: Kubelet;
  readonly stop: () => void;
}

/** Answers to what is asked of a running node. */
export function controlHandlers(parts: NodeParts): ControlHandlers {
  const { agent, nft, services, kubelet } = parts;
  return {
    probe: (probes) =>
      runProbes(
        probes.map((probe) => {
          if (probe.from === "node") return { ...probe, network: undefined, sender: "node" };
          const pod = findPod(kubelet, probe.from);
          if (!pod.connected) throw new ControlRefusal(`pod ${pod.key} has no network yet`);
          return { ...probe, network: pod.network, sender: pod.key };
        }),
      ),
    enforced: async ({ plural, resourceVersion }, signal) => {
      await untilEnforced(agent, services, plural, BigInt(resourceVersion), signal);
      return {};
    },
    drops: () => agent.drops(),
    inspect: (flow) => inspectFlow(nft, flow),
    target: async (request) => {
      const launched = findContainer(kubelet, request).launched!;
      return { pid: launched.container.pid, env: launched.env, workingDir: launched.workingDir };
    },
    logs: async (request) => ({
      text: findContainer(kubelet, request, "any").launched?.container.log.text() ?? "",
    }),
    stop: async () => {
      // After the answer is on its way.
      setImmediate(parts.stop);
      return {};
    },
  };
}

/** Pods matter to policies and to Services; each other kind to one of the two, or to neither. */
function untilEnforced(
  agent: Agent,
  services: Services,
  plural: string,
  revision: bigint,
  signal: AbortSignal,
): Promise<void> {
  const byAgent = ["namespaces", "nodes", "pods", "networkpolicies"].includes(plural);
  const byServices = ["services", "pods"].includes(plural);
  const done = () =>
    (!byAgent || agent.enforcedRevision(plural) >= revision) &&
    (!byServices || services.enforcedRevision(plural) >= revision);
  if (done()) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (done()) finish();
    };
    const finish = () => {
      for (const unsubscribe of subscriptions) unsubscribe();
      resolve();
    };
    const subscriptions = [agent.onChange(look), services.onChange(look)];
    signal.addEventListener("abort", finish);
  });
}
