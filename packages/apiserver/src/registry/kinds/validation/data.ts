import type { ApiObject } from "../../../api-object.ts";
import { asString, sameJson } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { forbidden, invalid, tooLong } from "./field-errors.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Of a ConfigMap or a Secret, all values together. */
const maxBytes = 1024 * 1024;

const keyPattern = /^[-._a-zA-Z0-9]+$/;
const keyRule =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/** Keys become names of files. */
export function keyErrors(data: Fields, path: string): readonly FieldError[] {
  return Object.keys(data).flatMap((key) => {
    const at = `${path}[${key}]`;
    const problems: string[] = [];
    if (Buffer.byteLength(key) > 253) problems.push("must be no more than 253 characters");
    if (!keyPattern.test(key)) problems.push(keyRule);
    if (key === "." || key === "..") problems.push(`must not be '${key}'`);
    else if (key.startsWith("..")) problems.push("must not start with '..'");
    return problems.map((problem) => invalid(at, key, problem));
  });
}

/** What is no base64 cannot be decoded, which is told before anything else. */
export function base64Errors(data: Fields, path: string): readonly FieldError[] {
  return Object.entries(data).flatMap(([key, value]) => {
    const at = illegalByte(asString(value));
    if (at === undefined) return [];
    return [
      { path: `${path}.${key}`, message: `illegal base64 data at input byte ${at}`, code: "wrong-type" },
    ];
  });
}

/** Where the text stops to be standard base64 with padding, as Go's decoder says it. */
function illegalByte(text: string): number | undefined {
  const clean = text.replace(/[\r\n]/g, "");
  const wrong = /[^A-Za-z0-9+/]/.exec(clean.replace(/={0,2}$/, ""));
  if (wrong !== null) return wrong.index;
  return clean.length % 4 === 0 ? undefined : clean.length - (clean.length % 4);
}

export function sizeErrors(maps: readonly Fields[], path: string): readonly FieldError[] {
  const bytes = maps.flatMap((map) => Object.values(map)).map((value) => Buffer.byteLength(asString(value)));
  return bytes.reduce((sum, each) => sum + each, 0) > maxBytes ? [tooLong(path, maxBytes)] : [];
}

/** What was marked immutable stays so, with all that it holds. */
export function immutableErrors(
  object: ApiObject,
  old: ApiObject,
  fields: readonly string[],
): readonly FieldError[] {
  if (old.immutable !== true) return [];
  const why = "field is immutable when `immutable` is set";
  const changed = fields.filter((field) => !sameJson(object[field] ?? {}, old[field] ?? {}));
  return [
    ...(object.immutable === true ? [] : [forbidden("immutable", why)]),
    ...changed.map((field) => forbidden(field, why)),
  ];
}
