import { type Chain, plan, type Table, type Transaction } from "@portcullis/nft";
import { table } from "./names.ts";

export interface PlanFromKernelOptions {
  /** Whether our table has been in force before, so that one which is missing now was taken away. */
  readonly wasInForce: boolean;
  /** The table in which every local pod is closed. */
  readonly closed: () => Table;
}

export interface PlanFromKernel {
  readonly transactions: readonly Transaction[];
  /** Why the whole table is replaced, when it is. */
  readonly replaced?: string;
}

const ours = `table ${table.family} ${table.name}`;

/** What is to be said of a table that cannot be read. */
export const unreadable = `${ours} holds what is not ours`;

/**
 * Transactions from what the kernel was found to have to `desired`. A table that was taken away, that is not readable
 * or that has objects of our names and other definitions is replaced in one transaction by a closed one, from which the
 * rest follows: nothing passes that should not while what can be long is written.
 */
export function planFromKernel(
  found: Table | "unreadable" | undefined,
  desired: Table,
  options: PlanFromKernelOptions,
): PlanFromKernel {
  if (found === undefined && !options.wasInForce) return { transactions: plan(undefined, desired) };
  const mending = found === undefined || found === "unreadable" ? undefined : planOf(found, desired);
  if (mending !== undefined) return { transactions: mending };
  const closed = options.closed();
  const operations = plan(undefined, closed).flatMap((transaction) => transaction.operations);
  const replacement: Transaction = {
    table,
    operations: found === undefined ? operations : [{ op: "delete table" }, ...operations],
  };
  const transactions = [replacement, ...plan(closed, desired)];
  return { transactions, replaced: found === undefined ? `${ours} is missing` : unreadable };
}

/** Undefined when changing what was found does not lead to what is wanted. */
function planOf(found: Table, desired: Table): readonly Transaction[] | undefined {
  try {
    const alien = [...found.chains.values()].filter(({ name, hook }) => hook && !desired.chains.has(name));
    return alien.length === 0 ? plan(found, desired) : planTakeover(found, desired, alien);
  } catch {
    // Same name, other definition.
    return undefined;
  }
}

/**
 * Base chains that we do not know are an older version's, or somebody put them into our table. First ours come to stand
 * beside them, with all that both need: what one of two base chains drops is dropped. Then they go, and last what only
 * they used. So there is no moment in which nothing judges, nor one in which all is closed.
 */
function planTakeover(found: Table, desired: Table, alien: readonly Chain[]): readonly Transaction[] {
  const both: Table = {
    ...desired,
    chains: new Map([...found.chains, ...desired.chains]),
    sets: new Map([...found.sets, ...desired.sets]),
    maps: new Map([...found.maps, ...desired.maps]),
  };
  const names = new Set(alien.map(({ name }) => name));
  const rest: Table = { ...both, chains: new Map([...both.chains].filter(([name]) => !names.has(name))) };
  const unhook: Transaction = {
    table,
    operations: [...names].flatMap((name) => [
      { op: "flush chain", name } as const,
      { op: "delete chain", name } as const,
    ]),
  };
  return [...plan(found, both), unhook, ...plan(rest, desired)];
}
