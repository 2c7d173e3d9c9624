import type { Case, Step } from "../case.ts";
import { possible } from "./random-case.ts";

/**
 * A smaller case that still fails, for subjects that are too slow for a property test: leaves out steps, then changes,
 * for as long as one of `attempts` finds something to leave out. Without tables; whoever asks fills them in.
 */
export async function shrink(
  failing: Case,
  fails: (one: Case) => Promise<boolean>,
  attempts = 40,
): Promise<Case> {
  let smallest = failing;
  let left = attempts;
  const tryAll = async (candidates: (one: Case) => Iterable<readonly Step[]>) => {
    for (let found = true; found; ) {
      found = false;
      for (const steps of candidates(smallest)) {
        if (left-- <= 0) return;
        const smaller = { ...smallest, steps: possible(steps) };
        found = await fails(smaller);
        if (!found) continue;
        smallest = smaller;
        break;
      }
    }
  };
  await tryAll(prefixes);
  await tryAll(withoutOneChange);
  return smallest;
}

/** Everything that happened up to a step, done at once and then looked at; the shortest first. */
function* prefixes({ steps }: Case): Generator<readonly Step[]> {
  if (steps.length < 2) return;
  for (let length = 1; length <= steps.length; length += 1) {
    const changes = steps.slice(0, length).flatMap((step) => step.changes);
    yield [{ says: `steps 1 to ${length} at once`, changes, table: [] }];
  }
}

/** One change less, or the two that make a pod anew. */
function* withoutOneChange({ steps }: Case): Generator<readonly Step[]> {
  for (const [index, step] of steps.entries()) {
    for (const [place, change] of step.changes.entries()) {
      // A pod is deleted only to be created anew, by the change that follows.
      if (change.kind === "create") continue;
      const together = change.kind === "delete" ? 2 : 1;
      yield steps.with(index, { ...step, changes: step.changes.toSpliced(place, together) });
    }
  }
}
