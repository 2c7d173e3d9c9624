import { quotedText, yamlText } from "../../yaml-text.ts";
import type { Plain } from "./field-edit.ts";

/** How a document is written, so that what is added looks like what is there. */
export interface Manner {
  /** Columns that a map lies further in than its key. */
  readonly step: number;
  /** Columns that a list's dashes lie further in than its key: often none. */
  readonly dash: number;
  /** Keys and texts in double quotes, as JSON wants them. */
  readonly json: boolean;
  readonly lineEnd: "\n" | "\r\n";
}

/** In one line, with braces and brackets. */
export function flowText(value: Plain, manner: Manner): string {
  if (Array.isArray(value)) return `[${value.map((each) => flowText(each, manner)).join(", ")}]`;
  if (isMap(value)) {
    return `{${Object.entries(value)
      .map(([key, each]) => flowPair(key, each, manner))
      .join(", ")}}`;
  }
  return scalarText(value as Scalar, manner);
}

export function flowPair(key: string, value: Plain, manner: Manner): string {
  return `${scalarText(key, manner)}: ${flowText(value, manner)}`;
}

/** What needs no lines of its own in block style: scalars, lists of scalars, empty maps. Undefined for the rest. */
export function inlineText(value: Plain, manner: Manner): string | undefined {
  const isShort = Array.isArray(value)
    ? value.every((each) => !Array.isArray(each) && !isMap(each))
    : !isMap(value) || Object.keys(value).length === 0;
  return isShort ? flowText(value, manner) : undefined;
}

/** The lines of a map or list in block style, indented relative to its own column. */
export function blockLines(value: Plain, manner: Manner): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap((each: Plain) => itemLines(each, manner));
  }
  return Object.entries(value as object).flatMap(([key, each]) => pairLines(key, each as Plain, manner));
}

export function itemLines(value: Plain, manner: Manner): readonly string[] {
  const inline = inlineText(value, manner);
  if (inline !== undefined) return [`- ${inline}`];
  return blockLines(value, manner).map((line, at) => (at === 0 ? `- ${line}` : `  ${line}`));
}

export function pairLines(key: string, value: Plain, manner: Manner): readonly string[] {
  const name = scalarText(key, manner);
  const inline = inlineText(value, manner);
  if (inline !== undefined) return [`${name}: ${inline}`];
  const deeper = " ".repeat(Array.isArray(value) ? manner.dash : manner.step);
  return [`${name}:`, ...blockLines(value, manner).map((line) => deeper + line)];
}

type Scalar = string | number | boolean | null;

export function scalarText(value: Scalar, { json }: Manner): string {
  if (typeof value !== "string") return String(value);
  return json ? quotedText(value) : yamlText(value);
}

function isMap(value: Plain): value is { readonly [key: string]: Plain } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
