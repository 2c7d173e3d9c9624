import type { DirectionVerdict, SourceRange } from "@portcullis/engine";
import type { Prediction } from "./predict.ts";
import { podText } from "./question.ts";

/** The connections that came nearest to one rule, or that were denied without any rule, and what they lacked. */
export interface DenialGroup {
  /** `egress[0] of db-policy (file:26)` */
  readonly rule: string;
  /** `guest → db (4614, 1010): peer needs role=client, pod has role=guest` */
  readonly misses: readonly string[];
}

interface Denial {
  readonly rule: string;
  readonly because: string;
  readonly from: string;
  readonly to: string;
  readonly ports: readonly number[];
}

/**
 * The denials by rule, so that many connections can be explained in few lines; in order of first appearance. Pairs of
 * pods that lack the same thing on the same ports share a line.
 */
export function groupDenials(predictions: readonly Prediction[]): DenialGroup[] {
  const denied = predictions.filter(({ verdict }) => !verdict.allowed);
  const pairs = groupBy(denied, ({ question: { from, to } }) => `${podText(from)} ${podText(to)}`);
  return groupBy(pairs.flatMap(denialsOfPair), ({ rule }) => rule).map((denials) => ({
    rule: denials[0]!.rule,
    misses: groupBy(denials, ({ because, ports }) => JSON.stringify([because, ports])).flatMap(lines),
  }));
}

/** One denial for each end that denies. Where a pod is the wrong peer on one port, that explains its other ports too. */
function denialsOfPair(predictions: readonly Prediction[]): Denial[] {
  const { from, to } = predictions[0]!.question;
  return (["egress", "ingress"] as const).flatMap((side) => {
    const denied = predictions.filter(({ verdict }) => !verdict[side].allowed);
    const told = denied.find(({ verdict }) => verdict[side].nearest[0]?.matched === "port") ?? denied[0];
    if (told === undefined) return [];
    const ports = denied.map(({ question }) => question.port);
    return [{ ...reason(told.verdict[side]), from: podText(from), to: podText(to), ports }];
  });
}

/** Why one end denies: the rule that came nearest, else the policies that isolate the pod. */
function reason({ direction, isolatedBy, nearest }: DirectionVerdict): Pick<Denial, "rule" | "because"> {
  const side = direction.toLowerCase();
  const [miss] = nearest;
  if (miss === undefined) {
    const names = isolatedBy.map(({ name, range }) => name + place(range)).join(", ");
    return { rule: names, because: `isolated, and there is no ${side} rule` };
  }
  const range = (direction === "Ingress" ? miss.policy.ingress : miss.policy.egress)[miss.rule]?.range;
  return {
    rule: `${side}[${miss.rule}] of ${miss.policy.name}${place(range ?? miss.policy.range)}`,
    because: miss.because,
  };
}

/** Denials that lack the same thing: one line for each source with all its destinations, or the other way round. */
function lines(denials: readonly Denial[]): string[] {
  const sources = [...new Set(denials.map(({ from }) => from))];
  const byEnd = sources.length === 1 ? [denials] : groupBy(denials, ({ to }) => to);
  return byEnd.map((group) => {
    const from = [...new Set(group.map((denial) => denial.from))].join(", ");
    const to = [...new Set(group.map((denial) => denial.to))].join(", ");
    return `${from} → ${to} (${group[0]!.ports.join(", ")}): ${group[0]!.because}`;
  });
}

function place(range: SourceRange | undefined): string {
  return range === undefined ? "" : ` (${range.file}:${range.start.line})`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
