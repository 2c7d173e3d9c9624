import type { Result } from "./run.ts";

/** What was asked of each subject, as a table and the reasons for what was not. */
export function resultsText(results: readonly Result[]): string {
  const head = ["subject", "cases", "steps", "cells", "wrong"];
  const lines = results.map(({ subject, cases, steps, cells, wrong }) =>
    [subject, cases, steps, cells, wrong.length].map((each) => each.toLocaleString("en")),
  );
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column]!.length)));
  const row = (line: readonly string[]) =>
    line.map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))).join("  ");
  const reasons = results.flatMap(({ subject, skippedCases, skippedCells }) => [
    ...skippedCases.map(({ case: name, reason }) => `${subject} skips "${name}": ${reason}`),
    ...[...skippedCells].map(
      ([reason, cells]) => `${subject} skips ${cells.toLocaleString("en")} cells: ${reason}`,
    ),
  ]);
  return [row(head), ...lines.map(row), ...reasons].join("\n");
}
