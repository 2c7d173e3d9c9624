interface SelectorFields {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** A LabelSelector in kubectl's notation: `app=web,tier in (a,b),!debug`; `<none>` for the one that selects everything. */
export function selectorText(selector: unknown): string {
  const { matchLabels, matchExpressions } = (selector ?? {}) as SelectorFields;
  const labels = Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (matchExpressions ?? []).map(({ key, operator, values }) => {
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator === "In" ? "in" : "notin"} (${(values ?? []).join(",")})`;
  });
  return [...labels.sort(), ...expressions].join(",") || "<none>";
}
