import type { LabelSelector, LabelSelectorRequirement } from "@portcullis/engine";
import { asList, asRecord, asString } from "../../../json.ts";

/** A selector without requirements, which selects everything. */
export function isSelectorEmpty(selector: unknown): boolean {
  const { matchLabels, matchExpressions } = asRecord(selector);
  return Object.keys(asRecord(matchLabels)).length === 0 && asList(matchExpressions).length === 0;
}

/** The selector in the engine's form, which has all fields. */
export function selectorOf(selector: unknown): LabelSelector {
  const { matchLabels, matchExpressions } = asRecord(selector);
  return {
    matchLabels: asRecord(matchLabels) as Readonly<Record<string, string>>,
    matchExpressions: asList(matchExpressions).map((each) => {
      const { key, operator, values } = asRecord(each);
      return {
        key: asString(key),
        operator: operator as LabelSelectorRequirement["operator"],
        values: asList(values).map(asString),
      };
    }),
  };
}
