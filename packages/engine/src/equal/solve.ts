import { type Atom, type Conjunction, type FlowSpace, nameLabel, narrow, truth } from "./flow-space.ts";

/** Counts what a search costs, and ends it when that is too much. */
export class Budget {
  readonly limit: number;
  spent = 0;
  readonly #onSpent: (spent: number) => void;

  /** @param limit How many conjunctions may be looked at. */
  constructor(limit: number, onSpent: (spent: number) => void = () => {}) {
    this.limit = limit;
    this.#onSpent = onSpent;
  }

  spend(conjunctions: number): void {
    this.spent += conjunctions;
    this.#onSpent(this.spent);
    if (this.spent > this.limit) throw new BudgetExceeded();
  }
}

/** The search was given up: neither a flow nor the proof that there is none was found. */
export class BudgetExceeded extends Error {}

/** A range by index that holds a single address. */
export type IsSingle = (range: number) => boolean;

/**
 * Some flows of the space for which none of the conjunctions holds; undefined when there are none. Exact: it splits the
 * space by one atom after the other until every conjunction is decided (a DPLL search, whose theory is that each label,
 * address and port is narrowed by itself).
 */
export function solve(
  start: FlowSpace,
  forbidden: readonly Conjunction[],
  isSingle: IsSingle,
  budget: Budget,
): FlowSpace | undefined {
  let space = start;
  let open = forbidden;
  // Until nothing follows any more: a conjunction with one undecided atom left decides it.
  for (;;) {
    budget.spend(open.length + 1);
    let followed = false;
    const undecided: Conjunction[] = [];
    for (const conjunction of open) {
      const left = remaining(space, conjunction);
      if (left === undefined) continue;
      const [only] = left;
      if (only === undefined) return undefined;
      if (left.length > 1) {
        undecided.push(left);
        continue;
      }
      const narrowed = narrow(space, only, false);
      if (narrowed === undefined) return undefined;
      space = narrowed;
      followed = true;
    }
    open = undecided;
    if (!followed) break;
  }
  if (!hasTwoEnds(space, isSingle)) return undefined;
  const shortest = open.reduce<Conjunction | undefined>(
    (best, next) => (best === undefined || next.length < best.length ? next : best),
    undefined,
  );
  if (shortest === undefined) return space;
  const atom = shortest[0]!;
  for (const wanted of [false, true]) {
    const narrowed = narrow(space, atom, wanted);
    const found = narrowed && solve(narrowed, open, isSingle, budget);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The atoms that are not decided yet; undefined when one is false of the whole space. */
function remaining(space: FlowSpace, conjunction: Conjunction): readonly Atom[] | undefined {
  const left: Atom[] = [];
  for (const atom of conjunction) {
    const known = truth(space, atom);
    if (known === false) return undefined;
    if (known === undefined) left.push(atom);
  }
  return left;
}

/** Two namespaces have two names, and two ends two addresses. */
function hasTwoEnds(space: FlowSpace, isSingle: IsSingle): boolean {
  const { isPod, sameNamespace, namespaces, addresses } = space;
  const [from, to] = [only(addresses[0]), only(addresses[1])];
  if (from !== undefined && from === to && isSingle(from)) return false;
  if (sameNamespace || !isPod[0] || !isPod[1]) return true;
  const names = namespaces.map((labels) => only(labels.get(nameLabel)?.values));
  return names[0] === undefined || names[0] !== names[1];
}

/** The one element, if there is one only. */
function only<T>(set: ReadonlySet<T> | undefined): T | undefined {
  return set?.size === 1 ? set.values().next().value : undefined;
}
