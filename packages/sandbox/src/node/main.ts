// The node part of a sandbox: runs inside its namespaces, started by the supervisor with an IPC channel. It ends when
// the channel closes, and the kernel ends everything else in here with it.
import {
  Agent,
  type AgentListener,
  InForceRecord,
  Log,
  Observability,
  StagedJudge,
  StatusPublisher,
} from "@portcullis/agent";
import { Conntrack } from "@portcullis/dataplane";
import { HttpKubeClient } from "@portcullis/kube";
import { NftProcess } from "@portcullis/nft";
import { clusterNetwork, nodeName } from "../cluster-network.ts";
import { stateFiles } from "../control.ts";
import { RelayClient } from "../dns/upstream/relay-client.ts";
import { EventRecorder } from "../events/recorder.ts";
import { useImages } from "../images/catalogue.ts";
import { hasIpv6 } from "../ipv6.ts";
import type { NodeConfig, NodeMessage } from "../node-message.ts";
import { serveControl } from "./control/control-server.ts";
import { controlHandlers } from "./control/handlers.ts";
import { Kubelet } from "./kubelet.ts";
import { serveApi } from "./network/api-proxy.ts";
import { PodAddressPool } from "./network/pod-addresses.ts";
import { PodNetwork } from "./network/pod-network.ts";
import { keepLease } from "./node-lease.ts";
import { ConfigStore } from "./pod/config-store.ts";
import { prepareNode, startForwarding, stateInside } from "./prepare.ts";
import { Services } from "./services/services.ts";
import { streamHandlers } from "./streams/stream-handlers.ts";

const tell = (message: NodeMessage, then: () => void = () => {}): void => {
  if (process.connected) process.send?.(message, undefined, undefined, then);
  else then();
};

const fail = (error: unknown): void => {
  const message = error instanceof Error ? error.message : String(error);
  tell({ type: "failed", message }, () => process.exit(1));
};

process.on("disconnect", () => process.exit(0));
process.on("message", () => process.exit(0));
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
// The supervisor decides when to end; a terminal's Ctrl-C is its to hear.
process.on("SIGINT", () => {});

const log = (line: string): void => tell({ type: "log", line });

async function run({ stateDirectory, standIn, images, dnsUpstream, flows }: NodeConfig): Promise<void> {
  useImages(images);
  await prepareNode(stateDirectory);
  const client = new HttpKubeClient(
    { socketPath: `${stateInside}/${stateFiles.api}` },
    { userAgent: "kubelet" },
  );
  const nft = new NftProcess();
  const podCidrs = clusterNetwork.podCidrs;
  const listeners: AgentListener[] = [];
  const agent = new Agent({
    client,
    nft,
    connections: new Conntrack(),
    nodeName,
    podCidrs,
    log,
    flows,
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
  });
  const observability = observe(agent, flows);
  const record = new InForceRecord({ seen: () => agent.policies, conditions: agent.conditions });
  listeners.push(observability.listener, (event) => record.take(event));
  await observability.start();
  const services = new Services({ client, nft, log });
  const ipv6 = hasIpv6();
  const network = new PodNetwork(ipv6);
  const configs = new ConfigStore(client);
  const kubelet = new Kubelet({
    client,
    configs,
    services,
    upstream: dnsUpstream ? new RelayClient(`${stateInside}/${stateFiles.dnsRelay}`) : undefined,
    events: new EventRecorder(client, "kubelet", nodeName, log),
    schedulerEvents: new EventRecorder(client, "default-scheduler", undefined, log),
    gate: agent,
    network,
    pool: new PodAddressPool(),
    ipv6,
    standIn,
    log,
  });
  await Promise.all([agent.start(), services.start()]);
  startForwarding();
  configs.start();
  await Promise.all([kubelet.start(), serveApi(`${stateInside}/${stateFiles.apiTls}`)]);
  keepLease(client, log);
  const nodes = () => agent.cluster.nodes().length;
  new StatusPublisher({ client, nodeName, namespace: "kube-system", record, nodes }).start();
  const stop = () => tell({ type: "stopped" }, () => process.exit(0));
  await serveControl(
    `${stateInside}/${stateFiles.control}`,
    controlHandlers({ agent, nft, services, kubelet, stop }),
    streamHandlers(kubelet),
  );
  tell({ type: "ready" });
}

/** Serves what the agent of a cluster's node serves; its log has no reader here. */
function observe(agent: Agent, flows: boolean): Observability {
  const staged = new StagedJudge(agent.cluster);
  const observability = new Observability({
    nodeName,
    version: "sandbox",
    conditions: agent.conditions,
    log: new Log({ write: () => {} }),
    api: { socketPath: `${stateInside}/${stateFiles.agent}` },
    flows,
    judgeStaged: (record) => staged.judge(record),
  });
  observability.watch(agent);
  return observability;
}

run(JSON.parse(process.argv[2] ?? "{}") as NodeConfig).catch(fail);
