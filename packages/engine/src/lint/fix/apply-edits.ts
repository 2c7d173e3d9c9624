import type { Finding, TextEdit } from "../finding.ts";

/** What applying fixes made of one text. */
export interface Fixed {
  readonly text: string;
  /** Those whose fix is in it. */
  readonly applied: readonly Finding[];
}

/**
 * Applies the fixes that findings have in one file, in order. One that overlaps an earlier one is left for the next
 * time, when its place will be known again; so is one that also edits another file.
 */
export function applyFixes(file: string, text: string, findings: readonly Finding[]): Fixed {
  const edits: TextEdit[] = [];
  const applied: Finding[] = [];
  for (const finding of findings) {
    const mine = finding.fix?.edits ?? [];
    if (mine.length === 0 || mine.some((edit) => edit.file !== file)) continue;
    if (mine.some((edit) => edits.some((other) => overlap(edit, other)))) continue;
    edits.push(...mine);
    applied.push(finding);
  }
  let result = text;
  for (const { start, end, text: inserted } of edits.sort((a, b) => b.start - a.start))
    result = result.slice(0, start) + inserted + result.slice(end);
  return { text: result, applied };
}

/** Two insertions at one place overlap too: their order would matter. */
function overlap(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start || (a.start < b.end && b.start < a.end);
}
