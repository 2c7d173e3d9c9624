import { checkLabelKey, checkLabelValue } from "../manifest/validate-names.ts";
import type { LabelSelector, LabelSelectorRequirement } from "../model/labels.ts";

export type ParsedSelector =
  | { readonly selector: LabelSelector; readonly problem?: never }
  | { readonly problem: string; readonly selector?: never };

const key = "[^\\s,=!()]+";
const exists = new RegExp(`^(!?)\\s*(${key})$`);
const equals = new RegExp(`^(${key})\\s*(==|=|!=)\\s*([^\\s,=!()]*)$`);
const among = new RegExp(`^(${key})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);

/**
 * Reads a label selector in the notation of kubectl's `-l`: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. All parts must
 * hold; an empty text selects everything.
 */
export function parseSelector(text: string): ParsedSelector {
  const matchExpressions: LabelSelectorRequirement[] = [];
  // Cut at the commas outside of parentheses.
  const parts = text.trim() === "" ? [] : text.split(/,(?![^()]*\))/).map((part) => part.trim());
  for (const part of parts) {
    const requirement = parseRequirement(part);
    if (requirement === undefined) return { problem: `"${part}" is no requirement on a label` };
    const problem = checkRequirement(requirement);
    if (problem !== undefined) return { problem };
    matchExpressions.push(requirement);
  }
  return { selector: { matchLabels: {}, matchExpressions } };
}

function parseRequirement(part: string): LabelSelectorRequirement | undefined {
  const bare = exists.exec(part);
  if (bare) return { key: bare[2]!, operator: bare[1] === "!" ? "DoesNotExist" : "Exists", values: [] };
  const equal = equals.exec(part);
  if (equal) {
    return { key: equal[1]!, operator: equal[2] === "!=" ? "NotIn" : "In", values: [equal[3]!] };
  }
  const set = among.exec(part);
  if (set === null) return undefined;
  const values = set[3]!.split(",").map((value) => value.trim());
  return { key: set[1]!, operator: set[2] === "in" ? "In" : "NotIn", values };
}

function checkRequirement({ key: name, values }: LabelSelectorRequirement): string | undefined {
  const [badKey] = checkLabelKey(name);
  if (badKey !== undefined) return `label "${name}": ${badKey}`;
  for (const value of values) {
    const [badValue] = checkLabelValue(value);
    if (badValue !== undefined) return `value "${value}" of label "${name}": ${badValue}`;
  }
  return undefined;
}
