import { Cluster, objectFromApi, type Pod, parseAddress, resolveService } from "@portcullis/engine";
import type { FlowInspection, InspectedFlow, Probe, ProbeResult } from "@portcullis/sandbox";
import { FakeSandbox } from "../world/fake-sandbox.testing.ts";
import { serves } from "./probe-ports.ts";

/** What the liar makes of the truth about a packet. */
export type Lie = (truth: ProbeResult, probe: Probe, attempt: number) => ProbeResult;

/** A sandbox without a kernel whose packets do what the engine says, unless the lie says otherwise. */
export class LyingSandbox extends FakeSandbox {
  readonly probed: Probe[] = [];
  readonly inspected: InspectedFlow[] = [];
  readonly #lie: Lie;
  readonly #attempts = new Map<string, number>();

  constructor(lie: Lie = (truth) => truth) {
    super();
    this.#lie = lie;
  }

  override async probe(probes: readonly Probe[]): Promise<readonly ProbeResult[]> {
    const cluster = new Cluster();
    for (const stored of this.client.all()) {
      const { object } = objectFromApi(stored);
      if (object !== undefined) cluster.upsert(object);
    }
    this.probed.push(...probes);
    return probes.map((probe) => {
      const key = JSON.stringify([probe.from, probe.address, probe.port, probe.protocol]);
      const attempt = (this.#attempts.get(key) ?? 0) + 1;
      this.#attempts.set(key, attempt);
      return this.#lie(truthOf(cluster, probe, attempt), probe, attempt);
    });
  }

  override async inspect(flow: InspectedFlow): Promise<FlowInspection> {
    this.inspected.push(flow);
    return {
      verdict: "drop",
      trace: ["c_forward rule 4: ip saddr vmap @egress_v4 → goto p_1"],
      chains: [{ name: "p_1", rules: ["tcp dport 80 counter packets 7 bytes 420 accept"] }],
    };
  }
}

function truthOf(cluster: Cluster, probe: Probe, attempt: number): ProbeResult {
  const { from, address, port, protocol } = probe;
  if (from === "node") throw new Error("verify sends from pods only");
  const source = cluster.get("Pod", from.namespace, from.name);
  const end = endOf(cluster, probe, attempt);
  if (source === undefined || end === undefined)
    throw new Error(`nobody is at ${address} ${protocol} ${port}`);
  const flow = { source: { pod: source }, destination: { pod: end.pod }, protocol, port: end.port };
  if (!cluster.allows(flow)) return { outcome: "timeout", milliseconds: probe.timeoutMs ?? 1000 };
  if (!serves(end.pod, { protocol, port: end.port })) return { outcome: "refused", milliseconds: 1 };
  return { outcome: "connected", reply: `${end.pod.namespace}/${end.pod.name}`, milliseconds: 1 };
}

/** A Service picks its pods in turn. */
function endOf(
  cluster: Cluster,
  { address, port, protocol }: Probe,
  attempt: number,
): { readonly pod: Pod; readonly port: number } | undefined {
  const parsed = parseAddress(address)!;
  const pod = cluster.podByAddress(parsed);
  if (pod !== undefined) return { pod, port };
  const service = cluster
    .services()
    .find(({ clusterIPs }) => clusterIPs.some(({ text }) => text === parsed.text));
  const backends = service ? resolveService(cluster, service, port, protocol).backends : [];
  return backends[attempt % backends.length];
}
