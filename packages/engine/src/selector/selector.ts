import type { LabelSelector, LabelSelectorRequirement, Labels } from "../model/labels.ts";
import { requirementHolds, requirementsOf, requirementText } from "./requirement.ts";

/** A label selector made ready for repeated matching. */
export interface CompiledSelector {
  /** Sorted, without repetition; all must hold. Empty matches everything. */
  readonly requirements: readonly LabelSelectorRequirement[];
  /** Canonical: equal selectors have equal texts. `*` for the empty selector. */
  readonly text: string;
}

/** Normalises a selector; see `requirementsOf` for what counts as equal. */
export function compileSelector(selector: LabelSelector): CompiledSelector {
  const requirements = requirementsOf(selector);
  return {
    requirements,
    text: requirements.length === 0 ? "*" : requirements.map(requirementText).join(","),
  };
}

/** meta/v1 LabelSelector semantics: every requirement holds. */
export function selects(selector: CompiledSelector, labels: Labels): boolean {
  for (const requirement of selector.requirements) {
    if (!requirementHolds(requirement, labels)) return false;
  }
  return true;
}

/** The requirements that do not hold: empty exactly when `selects` is true. For explanations. */
export function mismatches(selector: CompiledSelector, labels: Labels): readonly LabelSelectorRequirement[] {
  return selector.requirements.filter((requirement) => !requirementHolds(requirement, labels));
}

/** One-off match of an API selector. */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  return selects(compileSelector(selector), labels);
}

/** Canonical text of a selector, in the notation of kubectl's `-l`; `*` when it selects everything. */
export function selectorText(selector: LabelSelector): string {
  return compileSelector(selector).text;
}
