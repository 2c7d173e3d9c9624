import type { Direction } from "../../model/network-policy.ts";
import type { FlowProtocol } from "../../model/protocol.ts";
import type { SourceRange } from "../../model/source.ts";
import type {
  DirectionVerdict,
  Endpoint,
  NearMiss,
  Reason,
  RuleMatch,
  Verdict,
} from "../../verdict/verdict.ts";
import type { RuleRef } from "../way.ts";
import { sentence } from "./sentence.ts";
import { policyName, ruleName } from "./words.ts";

/** A verdict as JSON, for programs. Fields may be added in later versions; none is renamed or changes its meaning. */
export interface VerdictJson {
  readonly allowed: boolean;
  readonly sentence: string;
  readonly source: EndpointJson;
  readonly destination: EndpointJson;
  readonly protocol: FlowProtocol;
  /** 0 for ICMP. */
  readonly port: number;
  readonly egress: DirectionJson;
  readonly ingress: DirectionJson;
}

export interface EndpointJson {
  /** `namespace/name`. */
  readonly pod?: string;
  readonly address?: string;
}

export interface DirectionJson {
  readonly direction: Direction;
  readonly allowed: boolean;
  readonly reason: Reason;
  readonly isolatedBy: readonly ({ readonly policy: string } & PlaceJson)[];
  readonly allowedBy?: RuleMatchJson;
  readonly nearest: readonly NearMissJson[];
}

/** Where it is written; absent when the object did not come from a file. */
export interface PlaceJson {
  readonly file?: string;
  readonly line?: number;
}

export interface RuleJson extends PlaceJson {
  readonly policy: string;
  /** `ingress[0]`, `egress[2]`. */
  readonly rule: string;
}

/** `peer` and `port` are indices in the rule's lists; absent when the rule takes any. */
export interface RuleMatchJson extends RuleJson {
  readonly peer?: number;
  readonly port?: number;
}

export interface NearMissJson extends RuleJson {
  readonly matched: NearMiss["matched"];
  readonly peer?: number;
  readonly because: string;
}

export function verdictJson(verdict: Verdict): VerdictJson {
  const { flow, allowed, egress, ingress } = verdict;
  return {
    allowed,
    sentence: sentence(verdict),
    source: endpoint(flow.source),
    destination: endpoint(flow.destination),
    protocol: flow.protocol,
    port: flow.port,
    egress: directionJson(egress),
    ingress: directionJson(ingress),
  };
}

function endpoint({ pod, address }: Endpoint): EndpointJson {
  return { ...(pod && { pod: `${pod.namespace}/${pod.name}` }), ...(address && { address: address.text }) };
}

export function directionJson(verdict: DirectionVerdict): DirectionJson {
  const { direction, allowed, reason, isolatedBy, allowedBy, nearest } = verdict;
  return {
    direction,
    allowed,
    reason,
    isolatedBy: isolatedBy.map((policy) => ({ policy: policyName(policy), ...place(policy.range) })),
    ...(allowedBy && { allowedBy: ruleMatch(allowedBy) }),
    nearest: nearest.map(nearMiss),
  };
}

function ruleMatch(match: RuleMatch): RuleMatchJson {
  const { peerIndex, portIndex } = match;
  return {
    ...ruleJson(match),
    ...(peerIndex !== undefined && { peer: peerIndex }),
    ...(portIndex !== undefined && { port: portIndex }),
  };
}

function nearMiss(miss: NearMiss): NearMissJson {
  const { matched, peerIndex, because } = miss;
  return { ...ruleJson(miss), matched, ...(peerIndex !== undefined && { peer: peerIndex }), because };
}

export function ruleJson({ policy, direction, rule }: RuleRef): RuleJson {
  const range = (direction === "Ingress" ? policy.ingress : policy.egress)[rule]?.range;
  return { policy: policyName(policy), rule: ruleName(direction, rule), ...place(range ?? policy.range) };
}

export const place = (range: SourceRange | undefined): PlaceJson =>
  range === undefined ? {} : { file: range.file, line: range.start.line };
