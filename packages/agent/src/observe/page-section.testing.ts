import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

/**
 * Expects a page below docs/ to hold the text between `<!-- begin NAME -->` and `<!-- end NAME -->`. With
 * PORTCULLIS_UPDATE=1 the text is written there instead.
 */
export function expectSection(page: string, name: string, text: string): void {
  const file = new URL(`../../../../docs/${page}`, import.meta.url);
  const markdown = readFileSync(file, "utf8");
  const [begin, end] = [`<!-- begin ${name} -->\n\n`, `\n\n<!-- end ${name} -->`];
  const from = markdown.indexOf(begin);
  const to = markdown.indexOf(end);
  expect(from, `${page} has no ${begin.trim()}`).toBeGreaterThan(-1);
  expect(to, `${page} has no ${end.trim()}`).toBeGreaterThan(from);
  const start = from + begin.length;
  if (process.env.PORTCULLIS_UPDATE === "1")
    writeFileSync(file, markdown.slice(0, start) + text + markdown.slice(to));
  else expect(markdown.slice(start, to), `${page}: PORTCULLIS_UPDATE=1 refreshes it`).toBe(text);
}

/** A table in Markdown as the formatter leaves it: columns as wide as their widest cell. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = header.map((_, column) => Math.max(3, ...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join("\n");
}
