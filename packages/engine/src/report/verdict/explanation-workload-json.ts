import type { Denial } from "../../ask/denials.ts";
import type { DirectionExplanation, WorkloadExplanation } from "../../ask/explain-workload.ts";
import type { Admission } from "../../ask/who-can.ts";
import type { ContainerPort } from "../../model/objects.ts";
import { type PortSetJson, portSetJson } from "../connections/connections-data.ts";
import { type ListedPeerJson, listedPeerJson } from "../listed-peer-json.ts";
import { peerText } from "../peer-text.ts";
import { type DirectionJson, directionJson, place, type RuleJson, ruleJson } from "./verdict-json.ts";
import { policyName, policyPortText } from "./words.ts";

/** For programs. Fields may be added in later versions; none is renamed or changes its meaning. */
export interface WorkloadExplanationJson {
  readonly kind: "WorkloadExplanation";
  readonly workload: ListedPeerJson;
  readonly hostNetwork: boolean;
  readonly ports: readonly ContainerPort[];
  readonly ingress: DirectionExplanationJson;
  readonly egress: DirectionExplanationJson;
  readonly services: readonly {
    readonly service: string;
    readonly port: number;
    readonly protocol: string;
    readonly portName?: string;
    /** The pod's port; absent when it has none of the name that targetPort gives. */
    readonly target?: number;
    readonly peers: readonly ListedPeerJson[];
  }[];
}

interface DirectionExplanationJson {
  readonly isolatedBy: readonly { readonly policy: string; readonly file?: string; readonly line?: number }[];
  readonly rules: readonly (RuleJson & {
    /** In words; empty for anyone, and for any port. */
    readonly peers: readonly string[];
    readonly ports: readonly string[];
    readonly allows: readonly AdmissionJson[];
  })[];
  readonly withoutRule: readonly AdmissionJson[];
  readonly denied: readonly (VerdictSides & {
    readonly peers: readonly ListedPeerJson[];
    /** Whose policies allow nothing; `ports`: each side allows some, and none in common. */
    readonly by: Denial["by"];
  })[];
}

interface VerdictSides {
  readonly egress: DirectionJson;
  readonly ingress: DirectionJson;
}

interface AdmissionJson extends VerdictSides {
  readonly peer: ListedPeerJson;
  readonly ports: PortSetJson;
}

export function workloadJson(explained: WorkloadExplanation): WorkloadExplanationJson {
  const { peer, hostNetwork, ports, ingress, egress, services } = explained;
  return {
    kind: "WorkloadExplanation",
    workload: listedPeerJson(peer),
    hostNetwork,
    ports,
    ingress: direction(ingress),
    egress: direction(egress),
    services: services.map(({ service, port, target, peers }) => ({
      service: `${service.namespace}/${service.name}`,
      port: port.port,
      protocol: port.protocol,
      ...(port.name !== undefined && { portName: port.name }),
      ...(target !== undefined && { target }),
      peers: peers.map(listedPeerJson),
    })),
  };
}

function direction({ isolatedBy, rules, free, denied }: DirectionExplanation): DirectionExplanationJson {
  return {
    isolatedBy: isolatedBy.map((policy) => ({ policy: policyName(policy), ...place(policy.range) })),
    rules: rules.map((rule) => ({
      ...ruleJson(rule),
      peers: rule.written.peers.map((peer) => peerText(peer, rule.policy)),
      ports: rule.written.ports.map(policyPortText),
      allows: rule.admissions.map(admission),
    })),
    withoutRule: free.map(admission),
    denied: denied.map(({ peers, by, verdict }) => ({
      peers: peers.map(listedPeerJson),
      by,
      egress: directionJson(verdict.egress),
      ingress: directionJson(verdict.ingress),
    })),
  };
}

function admission({ peer, ports, verdict }: Admission): AdmissionJson {
  return {
    peer: listedPeerJson(peer),
    ports: portSetJson(ports),
    egress: directionJson(verdict.egress),
    ingress: directionJson(verdict.ingress),
  };
}
