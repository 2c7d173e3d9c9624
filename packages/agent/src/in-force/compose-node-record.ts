import { type Condition, type ConditionType, conditionTypes } from "../agent-event.ts";
import type { SelectedPolicy } from "./encode-selected.ts";
import {
  maxExceptions,
  maxSelected,
  maxWords,
  type NodeRecord,
  type PolicyException,
  type RecordedCondition,
} from "./node-record.ts";
import { type PolicyFacts, policyInForce } from "./policy-in-force.ts";

/** What is known before the first program: what an agent before this one left in the kernel, if there was one. */
export function nothingProgrammed(former: NodeRecord | undefined): Omit<NodeRecord, "conditions" | "bootId"> {
  if (former === undefined)
    return { log: [], selected: [], moreSelected: 0, exceptions: [], moreExceptions: 0 };
  const { conditions: _, bootId: _life, ...rest } = former;
  return rest;
}

/** The newest: if not all can be told, those that changed long ago are known to be in force by the revision. */
export function firstSelected(all: readonly SelectedPolicy[]): Pick<NodeRecord, "selected" | "moreSelected"> {
  const newestFirst = [...all].sort((a, b) => Number(b.resourceVersion - a.resourceVersion) || a.id - b.id);
  return { selected: newestFirst.slice(0, maxSelected), moreSelected: Math.max(0, all.length - maxSelected) };
}

/** The first by name. */
export function firstExceptions(
  all: readonly PolicyException[],
): Pick<NodeRecord, "exceptions" | "moreExceptions"> {
  return {
    exceptions: all
      .slice(0, maxExceptions)
      .map((exception) => ({ ...exception, reason: shortened(exception.reason) })),
    moreExceptions: Math.max(0, all.length - maxExceptions),
  };
}

/** Policies that are not in force though they should be, by name. */
export function policyExceptions(facts: PolicyFacts): readonly PolicyException[] {
  const exceptions: PolicyException[] = [];
  for (const [policy, { resourceVersion, unreadable }] of facts.seen) {
    if (unreadable === undefined && facts.failure === undefined) continue;
    const { state, reason = "", sinceMs = 0 } = policyInForce(policy, facts);
    if (state === "Failed")
      exceptions.push({ policy, state, resourceVersion, reason, sinceMs: facts.failure!.sinceMs });
    if (state === "Unreadable") exceptions.push({ policy, state, resourceVersion, reason, sinceMs });
  }
  return exceptions.sort((a, b) => (a.policy < b.policy ? -1 : 1));
}

/** Conditions that keep the record itself from arriving; by the time it does, they are over. */
const untold: readonly ConditionType[] = ["ApiUnreachable", "StatusNotPublished"];

export function recordedConditions(conditions: readonly Condition[]): readonly RecordedCondition[] {
  return conditions
    .filter(({ type }) => !untold.includes(type))
    .map(({ type, reason, message, sinceMs }) => ({
      type,
      reason: shortened(reason),
      message: shortened(message),
      sinceMs,
      blocksReadiness: conditionTypes[type].blocksReadiness,
    }));
}

function shortened(words: string): string {
  if (words.length <= maxWords) return words;
  // Whole characters, of which none has more than two units.
  const characters = [...words.slice(0, 2 * maxWords)];
  return characters.length < maxWords ? words : `${characters.slice(0, maxWords - 1).join("")}…`;
}
