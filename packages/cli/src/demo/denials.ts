import type { DirectionVerdict, SourceRange } from "@portcullis/engine";
import type { Prediction } from "./predict.ts";
import { podText } from "./question.ts";

/** Denied connections that are denied for the very same reasons. */
export interface DenialGroup {
  /** `guest, second/guest → db:4614` */
  readonly flows: string;
  /** One clause for each direction that denies. */
  readonly reasons: readonly string[];
}

/** The denials, grouped by reason so that many connections can be explained in few lines; in order of first appearance. */
export function groupDenials(predictions: readonly Prediction[]): DenialGroup[] {
  const groups = new Map<string, { reasons: readonly string[]; members: Prediction[] }>();
  for (const prediction of predictions) {
    const { verdict, question } = prediction;
    if (verdict.allowed) continue;
    const reasons = [verdict.egress, verdict.ingress].filter((side) => !side.allowed).map(reason);
    // Only flows that share their denying end read well together.
    const end = verdict.ingress.allowed ? podText(question.from) : podText(question.to);
    const key = JSON.stringify([end, question.port, reasons]);
    const group = groups.get(key) ?? { reasons, members: [] };
    group.members.push(prediction);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ reasons, members }) => ({ flows: flowsText(members), reasons }));
}

function flowsText(members: readonly Prediction[]): string {
  const unique = (texts: readonly string[]) => [...new Set(texts)].join(", ");
  const from = unique(members.map(({ question }) => podText(question.from)));
  const to = unique(members.map(({ question }) => podText(question.to)));
  return `${from} → ${to}:${unique(members.map(({ question }) => String(question.port)))}`;
}

/** Why one end denies: the rule that came nearest, else the policies that isolate the pod. */
function reason({ direction, isolatedBy, nearest }: DirectionVerdict): string {
  const [miss] = nearest;
  const side = direction.toLowerCase();
  if (miss === undefined) {
    const names = isolatedBy.map(({ name, range }) => name + place(range)).join(", ");
    return `isolated by ${names}, without any ${side} rule`;
  }
  const range = (direction === "Ingress" ? miss.policy.ingress : miss.policy.egress)[miss.rule]?.range;
  return `${side}[${miss.rule}] of ${miss.policy.name}${place(range ?? miss.policy.range)}: ${miss.because}`;
}

function place(range: SourceRange | undefined): string {
  return range === undefined ? "" : ` (${range.file}:${range.start.line})`;
}
