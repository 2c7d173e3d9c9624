import type { DiagnosticCode } from "../model/diagnostic.ts";

/** One step of a field path: a field's name, a map's key, or an index. */
export type Segment = string | number;

/**
 * A problem of one field, with no place in a text. Message and path are what the API server says
 * (k8s.io/apimachinery/pkg/util/validation/field): its own error is `path: message`.
 */
export interface FieldError {
  readonly code: DiagnosticCode;
  /** `spec.ingress[0].from[0].ipBlock.cidr`; for a bad label the path of the map, without the key. */
  readonly path: string;
  /** `Invalid value: "x": must be …`, without the path. */
  readonly message: string;
  /** Where to look in the object; at least as deep as `path`. */
  readonly segments: readonly Segment[];
  /** The key at the end of `segments` is at fault, not its value. */
  readonly atKey?: boolean;
  /** A value that is no text stands where a text belongs: YAML 1.1 may be the reason. */
  readonly wantsString?: boolean;
}

export type Path = readonly Segment[];

/** Where the value is, when that is deeper than the path that the API server prints. */
interface Place {
  readonly segments?: Path;
  readonly atKey?: boolean;
}

export function fieldPath(segments: Path): string {
  let text = "";
  for (const segment of segments) {
    if (typeof segment === "number") text += `[${segment}]`;
    else text += text === "" ? segment : `.${segment}`;
  }
  return text;
}

export function fieldError(code: DiagnosticCode, path: Path, message: string, place: Place = {}): FieldError {
  return {
    code,
    path: fieldPath(path),
    message,
    segments: place.segments ?? path,
    ...(place.atKey === true ? { atKey: true } : {}),
  };
}

export function invalid(path: Path, value: unknown, detail: string, place?: Place): FieldError {
  return fieldError("invalid", path, withDetail(`Invalid value: ${printValue(value)}`, detail), place);
}

export function required(path: Path, detail = ""): FieldError {
  return fieldError("required", path, withDetail("Required value", detail));
}

export function forbidden(path: Path, detail: string): FieldError {
  return fieldError("forbidden", path, withDetail("Forbidden", detail));
}

export function duplicateValue(path: Path, value: unknown): FieldError {
  return fieldError("duplicate-value", path, `Duplicate value: ${printValue(value)}`);
}

export function tooLong(path: Path, maxBytes: number): FieldError {
  return fieldError("too-long", path, `Too long: may not be more than ${maxBytes} bytes`);
}

export function notSupported(path: Path, value: unknown, supported: readonly string[]): FieldError {
  const values = supported.map(quote).join(", ");
  return fieldError(
    "not-supported",
    path,
    `Unsupported value: ${printValue(value)}: supported values: ${values}`,
  );
}

function withDetail(text: string, detail: string): string {
  return detail === "" ? text : `${text}: ${detail}`;
}

function printValue(value: unknown): string {
  return typeof value === "string" ? quote(value) : JSON.stringify(value);
}

const escapes: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** A text in quotes as Go's %q writes it, which is what API messages hold. */
export function quote(text: string): string {
  let quoted = '"';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (escapes[character] !== undefined) quoted += escapes[character];
    else if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) quoted += character;
    else if (code < 0x80) quoted += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 0x10000) quoted += `\\u${code.toString(16).padStart(4, "0")}`;
    else quoted += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return `${quoted}"`;
}
