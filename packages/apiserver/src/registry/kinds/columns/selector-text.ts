import { asList, asRecord, asString } from "../../../json.ts";

/** `a=1,b=2`, sorted; `<none>` for no labels. */
export function labelsText(labels: unknown): string {
  const entries = Object.entries(asRecord(labels)).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0
    ? "<none>"
    : entries.map(([key, value]) => `${key}=${asString(value)}`).join(",");
}

/** A LabelSelector as a query has it, its requirements sorted by key; `<none>` when it selects everything. */
export function selectorText(selector: unknown): string {
  const query = selectorQuery(selector);
  return query === "" ? "<none>" : query;
}

/** The same, empty when it selects everything: the form of `scale.status.selector`. */
export function selectorQuery(selector: unknown): string {
  const { matchLabels, matchExpressions } = asRecord(selector);
  const requirements: [string, string][] = [
    ...Object.entries(asRecord(matchLabels)).map(([key, value]): [string, string] => [
      key,
      `${key}=${value}`,
    ]),
    ...asList(matchExpressions).map((each): [string, string] => {
      const { key, operator, values } = asRecord(each);
      return [asString(key), requirementText(asString(key), operator, asList(values).map(asString).sort())];
    }),
  ];
  return requirements
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, requirement]) => requirement)
    .join(",");
}

function requirementText(key: string, operator: unknown, values: readonly string[]): string {
  switch (operator) {
    case "In":
      return `${key} in (${values.join(",")})`;
    case "NotIn":
      return `${key} notin (${values.join(",")})`;
    case "DoesNotExist":
      return `!${key}`;
    default:
      return key;
  }
}
