import type { Diagnostic, SourceRange } from "@portcullis/engine";
import type { Colors } from "../io/io.ts";

/** A diagnostic, or whatever else is told in its form. */
type Told = Omit<Diagnostic, "code">;

/**
 * Diagnostics as compilers print them: `file:line:column: error: NetworkPolicy default/web: path: message`, then the
 * source line with a caret under the place. `texts` gives the source by file name.
 */
export function formatDiagnostics(
  diagnostics: readonly Told[],
  texts: ReadonlyMap<string, string>,
  colors: Colors,
): string {
  return diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, texts, colors)).join("");
}

function formatDiagnostic(diagnostic: Told, texts: ReadonlyMap<string, string>, colors: Colors): string {
  const paint = diagnostic.severity === "error" ? colors.red : colors.yellow;
  const what = [diagnostic.object, diagnostic.path, diagnostic.message].filter((part) => part);
  const told = what.join(": ").replace(control, " ");
  const head = `${place(diagnostic.range)}${paint(`${diagnostic.severity}:`)} ${told}\n`;
  const related = (diagnostic.related ?? []).map(
    ({ message, range }) =>
      `${place(range)}${colors.dim("note:")} ${message}\n${excerpt(range, texts, colors)}`,
  );
  return head + excerpt(diagnostic.range, texts, colors) + related.join("");
}

function place(range: SourceRange | undefined): string {
  return range === undefined ? "" : `${range.file}:${range.start.line}:${range.start.column}: `;
}

/** Longest part of a source line that is shown; a JSON file can be one line of a megabyte. */
const shownWidth = 100;

/** Tabs, so that the caret stays below its place; escape sequences, so that a manifest cannot write to the terminal. */
const control = /\p{Cc}/gu;

function excerpt(range: SourceRange | undefined, texts: ReadonlyMap<string, string>, colors: Colors): string {
  const source = range === undefined ? undefined : texts.get(range.file);
  const line = source === undefined ? undefined : lineAt(source, range!.start);
  if (range === undefined || line === undefined || line.trim() === "") return "";
  const column = range.start.column - 1;
  const from = column < shownWidth ? 0 : column - shownWidth / 2;
  const shown = line.slice(from, from + shownWidth).replace(control, " ");
  const end = range.end.line === range.start.line ? range.end.column - 1 : line.length;
  const length = Math.max(1, Math.min(end, from + shown.length) - column);
  const number = String(range.start.line);
  const margin = " ".repeat(number.length);
  return (
    `  ${colors.dim(`${number} |`)} ${shown}\n` +
    `  ${colors.dim(`${margin} |`)} ${" ".repeat(column - from)}${colors.red("^".repeat(length))}\n`
  );
}

function lineAt(source: string, { offset, column }: SourceRange["start"]): string {
  const start = offset - (column - 1);
  const lineFeed = source.indexOf("\n", start);
  return source.slice(start, lineFeed < 0 ? source.length : lineFeed).replace(/\r$/, "");
}
