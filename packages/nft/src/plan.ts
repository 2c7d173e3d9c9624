import { chunkOperations, DEFAULT_BUDGET } from "./chunk.ts";
import { planCreation } from "./plan-creation.ts";
import { planDeletion } from "./plan-deletion.ts";
import { planRetarget } from "./plan-retarget.ts";
import type { Table } from "./table.ts";
import type { Transaction } from "./transaction.ts";

/** Create what is new; point what is there at it; delete what nothing refers to any more. */
export type Phase = "create" | "retarget" | "delete";

export interface PlannedTransaction extends Transaction {
  readonly phase: Phase;
}

/**
 * Transactions that turn `current` into `desired`, to be run in order. Phases never share a transaction: a packet can
 * see a changed map element and yet an empty new chain when both come with one commit. Nothing is ever judged by a
 * half-written rule set, provided that falling through a chain drops. Base chains and the table are never deleted,
 * nor what a base chain that `desired` does not know still uses; elements of dynamic sets are not touched.
 * @param budget bytes of netlink in one transaction, see `chunkOperations`.
 * @throws Error when a set, map or base chain has the same name and another definition (our bug).
 */
export function plan(
  current: Table | undefined,
  desired: Table,
  budget: number = DEFAULT_BUDGET,
): PlannedTransaction[] {
  const table = { family: desired.family, name: desired.name };
  if (current && (current.family !== table.family || current.name !== table.name))
    throw new Error(`a plan from table ${current.family} ${current.name} to ${table.family} ${table.name}`);
  const phases = [
    { phase: "create", operations: planCreation(current, desired) },
    { phase: "retarget", operations: current ? planRetarget(current, desired) : [] },
    { phase: "delete", operations: current ? planDeletion(current, desired) : [] },
  ] as const;
  return phases.flatMap(({ phase, operations }) =>
    chunkOperations(operations, budget).map((chunk) => ({ table, operations: chunk, phase })),
  );
}
