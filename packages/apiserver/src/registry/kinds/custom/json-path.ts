import { asRecord, isRecord } from "../../../json.ts";

// A name (`\.` for a dot in it), `['name']`, `[0]`, `[*]`, or `[?(@.name=="value")]`.
const stepPattern =
  /\.((?:\\.|[^.[\]\\])+)|\[['"]((?:[^'"\\]|\\.)+)['"]\]|\[(-?\d+|\*)\]|\[\?\(\s*@\.([\w.-]+)\s*==\s*['"]([^'"]*)['"]\s*\)\]/gy;

/** What a JSONPath of columns and selectable fields leads to; nothing for a path that is not there or of another form. */
export function readPath(object: unknown, path: string): readonly unknown[] {
  let found: readonly unknown[] = [object];
  const text = path.replace(/^\{|\}$/g, "");
  let at = 0;
  for (const match of text.matchAll(stepPattern)) {
    at = match.index + match[0].length;
    const [, dotted, quoted, index, field, wanted] = match;
    const name = (dotted ?? quoted)?.replace(/\\(.)/g, "$1");
    found = found.flatMap((value) => {
      if (name !== undefined) return isRecord(value) && Object.hasOwn(value, name) ? [value[name]] : [];
      const list = Array.isArray(value) ? value : [];
      if (index === "*") return list;
      if (index !== undefined) return list.slice(Number(index)).slice(0, 1);
      return list.filter((item) => readPath(asRecord(item), `.${field}`)[0] === wanted);
    });
  }
  return at === text.length ? found.filter((value) => value !== undefined && value !== null) : [];
}
