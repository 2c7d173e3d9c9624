import type { PolicyEntry } from "../cluster/policy-entry.ts";
import { endpointOf } from "../cluster/resolve-flow.ts";
import type { Direction } from "../model/network-policy.ts";
import { evaluate, judgeSide, NONE, type Question, type TraceRecorder } from "./evaluate.ts";
import { nearestMisses } from "./near-miss.ts";
import type { DirectionVerdict, NearMiss, Reason, RuleMatch, Verdict } from "./verdict.ts";

/** Evaluates with the recorder on, and puts what the evaluator said into a Verdict. Decides nothing by itself. */
export function explain(question: Question): Verdict {
  const trace = new Trace();
  const allowed = evaluate(question, trace);
  return {
    flow: {
      source: endpointOf(question.source),
      destination: endpointOf(question.destination),
      protocol: question.protocol,
      port: question.port,
    },
    allowed,
    egress: directionVerdict("Egress", trace, question),
    ingress: directionVerdict("Ingress", trace, question),
  };
}

/** `explain(question).egress`, or `.ingress`, alone: for who compares whole clusters, direction by direction. */
export function explainSide(direction: Direction, question: Question): DirectionVerdict {
  const trace = new Trace();
  judgeSide(direction, question, trace);
  return directionVerdict(direction, trace, question);
}

/** A rule as the evaluator tried it; `peer` and `port` are indices, ANY or NONE. */
export interface TriedRule {
  readonly policy: PolicyEntry;
  readonly rule: number;
  readonly peer: number;
  readonly port: number;
}

interface Side {
  isolatedBy: readonly PolicyEntry[];
  readonly tried: TriedRule[];
  decision: { readonly allowed: boolean; readonly reason: Reason } | undefined;
}

class Trace implements TraceRecorder {
  readonly sides: Readonly<Record<Direction, Side>> = {
    Ingress: { isolatedBy: [], tried: [], decision: undefined },
    Egress: { isolatedBy: [], tried: [], decision: undefined },
  };

  isolated(direction: Direction, policies: readonly PolicyEntry[]): void {
    this.sides[direction].isolatedBy = policies;
  }

  tried(direction: Direction, policy: PolicyEntry, rule: number, peer: number, port: number): void {
    this.sides[direction].tried.push({ policy, rule, peer, port });
  }

  decided(direction: Direction, allowed: boolean, reason: Reason): void {
    this.sides[direction].decision = { allowed, reason };
  }
}

function directionVerdict(direction: Direction, trace: Trace, question: Question): DirectionVerdict {
  const { isolatedBy, tried, decision } = trace.sides[direction];
  if (decision === undefined) throw new Error(`the evaluator left ${direction} undecided`);
  const match = tried.find(({ peer, port }) => peer !== NONE && port !== NONE);
  let nearest: readonly NearMiss[] | undefined;
  return {
    direction,
    ...decision,
    isolatedBy: isolatedBy.map(({ policy }) => policy),
    ...(match && { allowedBy: ruleMatch(direction, match) }),
    // Only when somebody reads it: a comparison of whole clusters explains many flows and never does.
    get nearest() {
      nearest ??= decision.allowed ? [] : nearestMisses(direction, tried, question);
      return nearest;
    },
  };
}

function ruleMatch(direction: Direction, { policy, rule, peer, port }: TriedRule): RuleMatch {
  const { peers, ports } = policy.rules[direction][rule]!.rule;
  return {
    policy: policy.policy,
    direction,
    rule,
    ...(peer >= 0 && { peerIndex: peer, peer: peers[peer]! }),
    ...(port >= 0 && { portIndex: port, port: ports[port]! }),
  };
}
