import { Cluster, type Flow, resolveService } from "@portcullis/engine";
import type { Cell } from "../case.ts";
import { splitRef } from "../objects.ts";
import type { Answer, Subject } from "../run.ts";
import { applyTo } from "./apply-to.ts";
import { openModel } from "./model.ts";

/** The engine, asked both ways: with an explanation and without. It finds out by itself where a Service leads. */
export const engineSubject: Subject = {
  name: "engine",
  excuse: () => undefined,
  open: (topology) => {
    const cluster = new Cluster();
    return openModel(topology, {
      apply: async (changes) => applyTo(cluster, changes),
      judge: (cell, flow) => {
        const meant = cell.via === "service" ? throughService(cluster, cell, flow) : flow;
        if (meant === undefined) return "leads nowhere: the Service has no such backend";
        return agreed(cluster, meant);
      },
    });
  },
};

function agreed(cluster: Cluster, flow: Flow): Answer {
  const verdict = cluster.evaluate(flow);
  const fast = cluster.allows(flow);
  if (verdict.allowed === fast) return fast;
  return `is ${verdict.allowed ? "allowed" : "denied"} by evaluate(), and the opposite by allows()`;
}

function throughService(cluster: Cluster, { to, port, protocol }: Cell, flow: Flow): Flow | undefined {
  if (protocol === "ICMP") return undefined;
  const [namespace, name] = splitRef(to);
  const service = cluster.get("Service", namespace, `s-${name}`);
  const backends = service && resolveService(cluster, service, port, protocol).backends;
  const backend = backends?.length === 1 ? backends[0]! : undefined;
  if (backend?.pod.name !== name) return undefined;
  return { ...flow, destination: { ...flow.destination, pod: backend.pod }, port: backend.port };
}
