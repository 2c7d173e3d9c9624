import { policyId } from "@portcullis/agent";
import type { FleetStatus } from "./fleet-status.ts";
import type { NamedPolicies } from "./named-policies.ts";
import { isSettled, namesOf } from "./policy-status.ts";
import type { StatusQuestion } from "./status-question.ts";

/** What is waited for. */
export interface Waiting {
  readonly named: NamedPolicies;
  readonly question: Pick<StatusQuestion, "names">;
  /** Of the policies that were read. */
  readonly revision: bigint;
}

/** What is not as it has to be, a sentence each. */
export function missingParts(
  { policies, nodes, leftOvers }: FleetStatus,
  waiting: Waiting,
): readonly string[] {
  const { named, question, revision } = waiting;
  const parts = policies
    .filter((policy) => !isSettled(policy))
    .map(({ policy, state, inForce, nodes: needing, reason = "" }) => {
      const count = `${inForce} of ${needing.length} node${needing.length === 1 ? "" : "s"}`;
      return `${policy.key}: ${state} (${count}): ${reason}`;
    });
  const { gone } = named;
  // Of which namespace a deleted policy was cannot be told: all are waited for, unless names were given.
  const about = (id: number) => question.names.length === 0 || gone.has(id);
  const names = new Map(named.missing.map((key) => [policyId(key), key]));
  for (const { id, nodes: having } of leftOvers) {
    if (!about(id)) continue;
    const where = namesOf(having.map(({ name }) => name));
    parts.push(`${names.get(id) ?? "a policy"} that was deleted is still in force on ${where}`);
  }
  // Their records do not name all that is in force, so that only the revision tells that a deletion has come.
  const vague = nodes.filter(
    ({ record, revision: has }) => (record?.moreSelected ?? 0) > 0 && has < revision,
  );
  if (vague.length > 0 && (question.names.length === 0 || gone.size > 0))
    parts.push(`deletions may not have come to ${namesOf(vague.map(({ name }) => name))}`);
  return parts;
}
