import type { FieldEdit, Path, Plain } from "../yaml/field-edit.ts";
import { type ExpressionForm, type SelectorForm, takesValues } from "./policy-form.ts";

// What is done to the selector at a path, as edits of fields. A list or map that would be empty is taken away as a whole.

export function addLabel(path: Path, key: string, value: string): readonly FieldEdit[] {
  return [{ do: "set", path: [...path, "matchLabels", key], value }];
}

export function removeLabel(path: Path, { labels }: SelectorForm, key: string): readonly FieldEdit[] {
  const map = [...path, "matchLabels"];
  return [{ do: "remove", path: labels.length === 1 ? map : [...map, key] }];
}

export function addExpression(path: Path, { key, operator, values }: ExpressionForm): readonly FieldEdit[] {
  const value: Plain = { key, operator, ...(takesValues(operator) && { values }) };
  return [{ do: "add", path: [...path, "matchExpressions"], value }];
}

export function removeExpression(
  path: Path,
  { expressions }: SelectorForm,
  at: number,
): readonly FieldEdit[] {
  const list = [...path, "matchExpressions"];
  return [{ do: "remove", path: expressions.length === 1 ? list : [...list, at] }];
}

/** `path` is the expression's. Values go with the operators that do not take them. */
export function setOperator(
  path: Path,
  { values }: ExpressionForm,
  operator: string,
  wanted: readonly string[] = values,
): readonly FieldEdit[] {
  const edits: FieldEdit[] = [{ do: "set", path: [...path, "operator"], value: operator }];
  if (!takesValues(operator) && values.length > 0) edits.push({ do: "remove", path: [...path, "values"] });
  if (takesValues(operator) && wanted !== values)
    edits.push({ do: "set", path: [...path, "values"], value: wanted });
  return edits;
}
