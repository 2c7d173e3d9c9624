import type { Direction } from "../model/network-policy.ts";
import type { FlowSpace } from "./flow-space.ts";
import { type Conjunction, narrowAll, wholeSpace } from "./flow-space.ts";
import type { Grants, GrantsByDirection } from "./grants.ts";
import { type Budget, type IsSingle, solve } from "./solve.ts";

/** A part of the space, and what must not hold in it. */
interface Attempt {
  readonly space: FlowSpace;
  readonly forbidden: readonly Conjunction[];
}

/**
 * Some flows that the one set of policies allows and the other denies; undefined when there are none at all, whatever
 * pods, labels, addresses and port names there may be. What denies is one side: it isolates the pod there, and none of
 * its grants holds. What allows are both sides: each does not isolate, or one of its grants holds.
 */
export function excessFlows(
  allowing: GrantsByDirection,
  denying: GrantsByDirection,
  ranges: ReadonlySet<number>,
  isSingle: IsSingle,
  budget: Budget,
): FlowSpace | undefined {
  for (const direction of ["Ingress", "Egress"] as const) {
    const other: Direction = direction === "Ingress" ? "Egress" : "Ingress";
    for (const whole of spaces(direction, ranges)) {
      for (const denied of deniedAttempts(whole, allowing[direction], denying[direction])) {
        // Most attempts fail here, before the other side is asked.
        const possible = solve(denied.space, denied.forbidden, isSingle, budget);
        if (possible === undefined) continue;
        for (const both of allowedAttempts(denied, allowing[other], isPodIn(denied.space, other))) {
          const found = solve(both.space, both.forbidden, isSingle, budget);
          if (found !== undefined) return found;
        }
      }
    }
  }
  return undefined;
}

/** Every kind of flow whose pod on this side can be isolated. */
function spaces(direction: Direction, ranges: ReadonlySet<number>): readonly FlowSpace[] {
  return [
    wholeSpace([true, true], true, ranges),
    wholeSpace([true, true], false, ranges),
    wholeSpace(direction === "Ingress" ? [false, true] : [true, false], false, ranges),
  ];
}

const isPodIn = ({ isPod }: FlowSpace, direction: Direction): boolean =>
  isPod[direction === "Egress" ? 0 : 1];

/** The ways in which a direction can be allowed by the one and denied by the other. */
function* deniedAttempts(whole: FlowSpace, allowing: Grants, denying: Grants): Iterable<Attempt> {
  const ungranted = [...denying.grants.values()].map(({ atoms }) => atoms);
  const isolated = function* (space: FlowSpace, without: ReadonlyMap<string, unknown>) {
    for (const [key, subject] of denying.subjects) {
      const narrowed = without.has(key) ? undefined : narrowAll(space, subject);
      if (narrowed !== undefined) yield narrowed;
    }
  };
  const unisolated = [...allowing.subjects.values()];
  for (const space of isolated(whole, allowing.subjects))
    yield { space, forbidden: [...unisolated, ...ungranted] };
  for (const [key, { subject, atoms }] of allowing.grants) {
    // What the other side grants in the same words it does not deny.
    const granted = denying.grants.has(key) ? undefined : narrowAll(whole, atoms);
    if (granted === undefined) continue;
    if (denying.subjects.has(subject)) yield { space: granted, forbidden: ungranted };
    else for (const space of isolated(granted, new Map())) yield { space, forbidden: ungranted };
  }
}

/** The ways in which the other direction can be allowed as well. */
function* allowedAttempts(
  { space, forbidden }: Attempt,
  { subjects, grants }: Grants,
  isPod: boolean,
): Iterable<Attempt> {
  if (!isPod || subjects.size === 0) {
    yield { space, forbidden };
    return;
  }
  yield { space, forbidden: [...forbidden, ...subjects.values()] };
  for (const { atoms } of grants.values()) {
    const granted = narrowAll(space, atoms);
    if (granted !== undefined) yield { space: granted, forbidden };
  }
}
