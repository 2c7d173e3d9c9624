import type { Direction } from "../model/network-policy.ts";
import { policyName, ruleName } from "../report/verdict/words.ts";
import type { DirectionVerdict } from "../verdict/verdict.ts";
import type { DeniedBy } from "./flow-record.ts";

/** A side's denial as it stands in a record; `changed` when this side allows, so that it must have denied before. */
export function deniedBy({ direction, allowed, isolatedBy, nearest }: DirectionVerdict): DeniedBy {
  if (allowed) return { direction, policies: [], reason: "changed" };
  const closest = nearest[0];
  return {
    direction,
    policies: isolatedBy.map(policyName).sort(),
    reason: "no-match",
    ...(closest && {
      nearest: `${ruleName(direction, closest.rule)} of ${policyName(closest.policy)}: ${closest.because}`,
    }),
  };
}

/** A pod's address was not programmed yet: closed, whatever its policies say. */
export function unprogrammed(direction: Direction): DeniedBy {
  return { direction, policies: [], reason: "unprogrammed" };
}
