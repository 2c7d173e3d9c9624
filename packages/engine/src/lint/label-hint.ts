import { isNear } from "../edit-distance.ts";
import type { LabelSelectorRequirement, Labels } from "../model/labels.ts";
import type { CompiledSelector } from "../selector/selector.ts";
import { mismatches } from "../selector/selector.ts";

/** What a selector that matches nothing most likely meant. */
export interface LabelHint {
  readonly key: string;
  /** The written value, when it is at fault; else the key is. */
  readonly value?: string;
  /** What an object has in its place. */
  readonly meant: string;
}

/** Looks for an object that only one misspelt word keeps from matching: by case, or by one character. */
export function labelHint(selector: CompiledSelector, objects: Iterable<Labels>): LabelHint | undefined {
  for (const labels of objects) {
    const [missed, ...more] = mismatches(selector, labels);
    if (missed === undefined || more.length > 0) continue;
    const hint = hintFor(missed, labels);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

function hintFor({ key, operator, values }: LabelSelectorRequirement, labels: Labels): LabelHint | undefined {
  if (operator !== "In" && operator !== "Exists") return undefined;
  if (Object.hasOwn(labels, key)) {
    const meant = labels[key]!;
    const value = values.find((each) => isNear(each, meant));
    return value === undefined ? undefined : { key, value, meant };
  }
  const meant = Object.keys(labels).find(
    (each) => isNear(key, each) && (operator === "Exists" || values.includes(labels[each]!)),
  );
  return meant === undefined ? undefined : { key, meant };
}
