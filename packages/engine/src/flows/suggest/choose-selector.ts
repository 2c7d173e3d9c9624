import type { LabelSelector, LabelSelectorRequirement, Labels } from "../../model/labels.ts";
import { requirementHolds, requirementText } from "../../selector/requirement.ts";
import { isControllerKey, unfitness } from "./label-keys.ts";

export type ChosenSelector =
  | { readonly selector: LabelSelector }
  /** Places in `others` of pods that no selector tells from the members. */
  | { readonly alike: readonly number[] };

/** Values of one label that a selector lists. */
const mostValues = 5;
/** Selectors of so many requirements are all tried; longer ones are put together step by step. */
const mostTried = 3;

/**
 * The smallest selector that selects all members and no other: by labels that all members have, the best known first; by
 * the absence of a label that only others have where it takes that. Never by labels that a controller sets.
 */
export function chooseSelector(members: readonly Labels[], others: readonly Labels[]): ChosenSelector {
  const candidates = candidatesFor(members, others);
  const against = others.map((labels) =>
    candidates.filter(({ requirement }) => !requirementHolds(requirement, labels)),
  );
  const alike = against.flatMap((excluding, index) => (excluding.length === 0 ? [index] : []));
  if (alike.length > 0) return { alike };
  const named = candidates.filter(({ isName }) => isName);
  // Without others any selector would do; one that names the workload also holds when others come.
  const sets = distinct([...against, ...(named.length > 0 ? [named] : [])]);
  return { selector: selectorOf(cheapestCover(candidates, sets)) };
}

interface Candidate {
  readonly requirement: LabelSelectorRequirement;
  readonly text: string;
  readonly cost: number;
  /** Says what the members have, and not only what they lack. */
  readonly isName: boolean;
}

function candidatesFor(members: readonly Labels[], others: readonly Labels[]): readonly Candidate[] {
  const keys = new Set([...members, ...others].flatMap((labels) => Object.keys(labels)));
  const found = [...keys]
    .filter((key) => !isControllerKey(key))
    .flatMap((key) => {
      const has = members.filter((labels) => Object.hasOwn(labels, key));
      if (has.length === 0) return [candidate({ key, operator: "DoesNotExist", values: [] }, 25)];
      if (has.length < members.length) return [];
      const values = [...new Set(members.map((labels) => labels[key]!))].sort();
      if (values.length > mostValues) return [candidate({ key, operator: "Exists", values: [] }, 40)];
      const cost = values.length === 1 ? 10 : 30;
      return [candidate({ key, operator: "In", values }, cost)];
    });
  return found.sort((a, b) => a.cost - b.cost || (a.text < b.text ? -1 : 1));
}

function candidate(requirement: LabelSelectorRequirement, cost: number): Candidate {
  return {
    requirement,
    text: requirementText(requirement),
    cost: cost + unfitness(requirement.key) / 2,
    isName: requirement.operator !== "DoesNotExist",
  };
}

/** The cheapest candidates of which at least one is in every set. */
function cheapestCover(
  candidates: readonly Candidate[],
  sets: readonly (readonly Candidate[])[],
): readonly Candidate[] {
  if (sets.length === 0) return [];
  let best: readonly Candidate[] | undefined;
  const covers = (chosen: readonly Candidate[]) =>
    sets.every((set) => set.some((each) => chosen.includes(each)));
  const extend = (chosen: readonly Candidate[], from: number) => {
    if (chosen.length > 0 && covers(chosen)) {
      if (best === undefined || costOf(chosen) < costOf(best)) best = chosen;
      return;
    }
    if (chosen.length === mostTried) return;
    for (let index = from; index < candidates.length; index++)
      extend([...chosen, candidates[index]!], index + 1);
  };
  if (candidates.length <= 24) extend([], 0);
  return best ?? stepByStep(candidates, sets);
}

const costOf = (chosen: readonly Candidate[]): number => chosen.reduce((sum, { cost }) => sum + cost, 0);

/** What excludes most for its cost, until all are; then without what the rest makes needless. */
function stepByStep(
  candidates: readonly Candidate[],
  sets: readonly (readonly Candidate[])[],
): readonly Candidate[] {
  let left = sets;
  const chosen: Candidate[] = [];
  const worth = (each: Candidate) => left.filter((set) => set.includes(each)).length / each.cost;
  while (left.length > 0) {
    const next = candidates.reduce((best, each) => (worth(each) > worth(best) ? each : best));
    chosen.push(next);
    left = left.filter((set) => !set.includes(next));
  }
  return chosen.filter(
    (each) => !sets.every((set) => set.some((other) => other !== each && chosen.includes(other))),
  );
}

/** Sets that say the same are one. */
function distinct(sets: readonly (readonly Candidate[])[]): readonly (readonly Candidate[])[] {
  const byText = new Map(sets.map((set) => [set.map(({ text }) => text).join("\n"), set]));
  return [...byText.values()];
}

function selectorOf(chosen: readonly Candidate[]): LabelSelector {
  const requirements = chosen.map(({ requirement }) => requirement);
  const isEqual = ({ operator, values }: LabelSelectorRequirement) =>
    operator === "In" && values.length === 1;
  const labels = requirements.filter(isEqual).map(({ key, values }) => [key, values[0]!] as const);
  return {
    matchLabels: Object.fromEntries(labels.sort(([a], [b]) => (a < b ? -1 : 1))),
    matchExpressions: requirements.filter((each) => !isEqual(each)).sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}
