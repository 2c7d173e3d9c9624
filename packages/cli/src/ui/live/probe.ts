import {
  type Cluster,
  type Endpoint,
  type FlowProtocol,
  type Pod,
  parseAddress,
  verdictJson,
} from "@portcullis/engine";
import type { ProbeResult as Packet, Probe, SandboxHandle } from "@portcullis/sandbox";
import type { ProbeAllRequest, ProbeRequest, ProbeResult } from "@portcullis/ui/server-api";
import { ApiProblem } from "../ui-server.ts";

const outcomes: Readonly<Record<Packet["outcome"], ProbeResult["outcome"]>> = {
  connected: "answered",
  refused: "refused",
  timeout: "silent",
  unreachable: "unreachable",
};

/** Sends real packets from pods of a sandbox, and holds what happens against what is predicted. */
export class Prober {
  readonly #sandbox: Pick<SandboxHandle, "probe">;
  readonly #cluster: Cluster;

  constructor(sandbox: Pick<SandboxHandle, "probe">, cluster: Cluster) {
    this.#sandbox = sandbox;
    this.#cluster = cluster;
  }

  /** @throws ApiProblem for a request that names nobody. */
  async probe(requests: readonly ProbeRequest[]): Promise<readonly ProbeResult[]> {
    const asked = requests.map((request) => ({ request, ...this.#plan(request) }));
    const sent = asked.flatMap(({ probe }) => (probe === undefined ? [] : [probe]));
    const packets = sent.length === 0 ? [] : await this.#sandbox.probe(sent);
    let next = 0;
    return asked.map(({ request, probe, prediction, detail }) => {
      if (probe === undefined)
        return { request, outcome: "not-probed", detail, milliseconds: 0, prediction } as const;
      const packet = packets[next++]!;
      const passed = packet.outcome === "connected" || packet.outcome === "refused";
      return {
        request,
        outcome: outcomes[packet.outcome],
        detail: packet.reply ?? "",
        milliseconds: packet.milliseconds,
        prediction,
        ...(packet.outcome !== "unreachable" && { agrees: passed === prediction.allowed }),
      };
    });
  }

  /** Every ordered pair of pods that have an address, at each of the ports. */
  requests({ ports }: ProbeAllRequest): readonly ProbeRequest[] {
    const pods = this.#cluster
      .pods()
      .filter(
        ({ addresses, hostNetwork, phase }) => addresses.length > 0 && !hostNetwork && phase === "Running",
      )
      .map(nameOf);
    return pods.flatMap((source) =>
      pods
        .filter((destination) => destination !== source)
        .flatMap((destination) => ports.map((port) => ({ source, destination, ...port }))),
    );
  }

  #plan({ source, destination, protocol, port }: ProbeRequest) {
    const from = this.#pod(source);
    const to = this.#end(destination);
    const verdict = this.#cluster.evaluate({ source: { pod: from }, destination: to, protocol, port });
    const prediction = verdictJson(verdict);
    const address = verdict.flow.destination.address?.text;
    if (address === undefined) return { prediction, detail: `${destination} has no address yet` };
    if (!isProbed(protocol)) return { prediction, detail: `${protocol} cannot be probed` };
    const [namespace = "", name = ""] = source.split("/");
    const probe: Probe = { from: { namespace, name }, address, port, protocol };
    return { prediction, probe, detail: "" };
  }

  #end(text: string): Endpoint {
    const address = parseAddress(text);
    return address === undefined ? { pod: this.#pod(text) } : { address };
  }

  #pod(text: string): Pod {
    const [namespace, name = ""] = text.split("/");
    const pod = this.#cluster.get("Pod", namespace, name);
    if (pod === undefined) throw new ApiProblem(404, `there is no pod ${text}`);
    return pod;
  }
}

function isProbed(protocol: FlowProtocol): protocol is Probe["protocol"] {
  return protocol === "TCP" || protocol === "UDP";
}

function nameOf({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}
