import { CannotEdit, type FieldEdit, type Path, type Plain } from "./field-edit.ts";

/** What a document means after an edit. What the edit is not about is the same object as before. */
export function editedValue(value: unknown, edit: FieldEdit): unknown {
  switch (edit.do) {
    case "set":
      return at(value, edit.path, () => edit.value);
    case "add":
      return at(value, edit.path, (list) => [...listOf(list), edit.value]);
    case "remove":
      return atParent(value, edit.path, (parent, last) => {
        if (Array.isArray(parent)) return parent.toSpliced(Number(last), 1);
        return Object.fromEntries(Object.entries(parent as object).filter(([key]) => key !== last));
      });
    case "rename":
      return atParent(value, edit.path, (parent, last) => {
        if (Array.isArray(parent) || Object.hasOwn(parent as object, edit.key)) throw new CannotEdit();
        return Object.fromEntries(
          Object.entries(parent as object).map(([key, each]) => [key === last ? edit.key : key, each]),
        );
      });
  }
}

/** Whether two values say the same; the order of fields says nothing. */
export function samePlain(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, at) => samePlain(each, b[at]));
  if (!isRecord(a) || !isRecord(b)) return Object.is(a, b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && samePlain(a[key], b[key]))
  );
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const part of path) {
    if (typeof part === "number" ? !Array.isArray(found) : !isRecord(found)) return undefined;
    found = Object.hasOwn(found as object, part)
      ? (found as Record<string | number, unknown>)[part]
      : undefined;
  }
  return found;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function at(value: unknown, path: Path, change: (old: unknown) => Plain): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return change(value ?? undefined);
  if (typeof first === "number") {
    if (!Array.isArray(value) || first >= value.length) throw new CannotEdit();
    return value.with(first, at(value[first], rest, change));
  }
  const known = value ?? {};
  if (!isRecord(known)) throw new CannotEdit();
  const old = Object.hasOwn(known, first) ? known[first] : undefined;
  return { ...known, [first]: at(old, rest, change) };
}

function atParent(value: unknown, path: Path, change: (parent: unknown, last: string | number) => unknown) {
  const last = path.at(-1);
  if (last === undefined || valueAt(value, path) === undefined) throw new CannotEdit();
  return at(value, path.slice(0, -1), (parent) => change(parent, last) as Plain);
}

function listOf(value: unknown): readonly Plain[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new CannotEdit();
  return value;
}
