/**
 * A JSON value as YAML in block style, two spaces a level, the way `kubectl get -o yaml` lays it out: list items stand
 * at their key's column. Fields that are undefined are left out.
 */
export function formatYaml(value: unknown): string {
  return isCollection(value) ? `${lines(value).join("\n")}\n` : `${scalar(value)}\n`;
}

function lines(value: object): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => prefixed("- ", item));
  return entries(value).flatMap(([key, field]) => {
    const name = `${text(key)}:`;
    if (!isCollection(field)) return [`${name} ${scalar(field)}`];
    const body = lines(field);
    return [name, ...(Array.isArray(field) ? body : body.map((line) => `  ${line}`))];
  });
}

function prefixed(mark: string, item: unknown): string[] {
  if (!isCollection(item)) return [mark + scalar(item)];
  return lines(item).map((line, index) => (index === 0 ? mark : "  ") + line);
}

function entries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, field]) => field !== undefined);
}

function isCollection(value: unknown): value is object {
  return typeof value === "object" && value !== null && entries(value).length > 0;
}

function scalar(value: unknown): string {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return "[]";
  if (typeof value === "object" && value !== null) return "{}";
  return String(value ?? null);
}

// Plain only where no YAML version could read anything else: no word of YAML 1.1 (y, no, on, null), no number or date.
const plain = /^[A-Za-z/_][A-Za-z0-9 ._/-]*(?<! )$/;
const word = /^(?:y|yes|n|no|true|false|on|off|null)$/i;

function text(value: string): string {
  return plain.test(value) && !word.test(value) ? value : JSON.stringify(value);
}
