import { matchesSelector, type SelectorOperator } from "@portcullis/engine";

/** meta/v1 LabelSelector as objects carry it. */
export interface RawSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** An empty selector matches everything. */
export function selectorMatches(
  { matchLabels = {}, matchExpressions = [] }: RawSelector,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => ({
    key,
    operator: operator as SelectorOperator,
    values,
  }));
  return matchesSelector({ matchLabels, matchExpressions: expressions }, labels ?? {});
}
