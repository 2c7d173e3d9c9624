import type { LabelSelector, LabelSelectorRequirement, Labels } from "../model/labels.ts";

/**
 * Does one requirement hold for these labels? (API reference: LabelSelectorRequirement.) `In` and `Exists` need the key;
 * `NotIn` and `DoesNotExist` hold for objects that lack it.
 */
export function requirementHolds(requirement: LabelSelectorRequirement, labels: Labels): boolean {
  const { key, operator, values } = requirement;
  const value: unknown = labels[key];
  // Label keys such as "constructor" are legal, so inherited properties must not count as labels: none of them is a text.
  const present = typeof value === "string";
  switch (operator) {
    case "Exists":
      return present;
    case "DoesNotExist":
      return !present;
    case "In":
      return present && values.includes(value);
    case "NotIn":
      return !present || !values.includes(value);
  }
}

/**
 * The selector as one list of requirements, sorted, without repetition: `matchLabels: {a: b}` becomes `a In [b]`.
 * Selectors that differ only in order, repetition or in this choice of spelling give the same list.
 */
export function requirementsOf(selector: LabelSelector): readonly LabelSelectorRequirement[] {
  const byText = new Map<string, LabelSelectorRequirement>();
  const add = (requirement: LabelSelectorRequirement) => {
    const sorted = { ...requirement, values: [...new Set(requirement.values)].sort() };
    byText.set(requirementText(sorted), sorted);
  };
  for (const [key, value] of Object.entries(selector.matchLabels)) {
    add({ key, operator: "In", values: [value] });
  }
  for (const requirement of selector.matchExpressions) add(requirement);
  return [...byText.keys()].sort().map((text) => byText.get(text)!);
}

/** One requirement as kubectl's `-l` option would take it: `a=b`, `a in (b,c)`, `a!=b`, `a notin (b,c)`, `a`, `!a`. */
export function requirementText({ key, operator, values }: LabelSelectorRequirement): string {
  const name = quoteUnlessPlain(key);
  const list = values.map(quoteUnlessPlain);
  switch (operator) {
    case "Exists":
      return name;
    case "DoesNotExist":
      return `!${name}`;
    case "In":
      return list.length === 1 ? `${name}=${list[0]}` : `${name} in (${list.join(",")})`;
    case "NotIn":
      return list.length === 1 ? `${name}!=${list[0]}` : `${name} notin (${list.join(",")})`;
  }
}

/**
 * Canonical texts are used as identities. Valid names, label keys and values contain none of our punctuation; anything
 * else is quoted, so that different things never read the same even when nobody validated them.
 */
export function quoteUnlessPlain(text: string): string {
  return /^[A-Za-z0-9._/-]*$/.test(text) ? text : JSON.stringify(text);
}
