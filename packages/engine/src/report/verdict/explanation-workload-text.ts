import type { WorkloadExplanation } from "../../ask/explain-workload.ts";
import { markdownCell } from "../text/markdown-cell.ts";
import { printable } from "../text/printable.ts";
import { plainStyle, type Style } from "../text/style.ts";
import { padEnd, textWidth } from "../text/text-width.ts";
import { type Block, explanationBlocks } from "./explanation-blocks.ts";

/** The widest that the first column of a block is made. */
const widest = 44;

/** Everything about a workload, for people. Ends with a line break. */
export function workloadText(explained: WorkloadExplanation, style: Style = plainStyle): string {
  const lines = explanationBlocks(explained).flatMap((block, index) => [
    ...(block.level === 3 || index === 0 ? [] : [""]),
    ...blockLines(block, style),
  ]);
  return lines.map((line) => `${line}\n`).join("");
}

function blockLines({ level, heading, lines, rows }: Block, style: Style): string[] {
  const indent = "  ".repeat(level - 1);
  const width = Math.min(
    widest,
    rows.reduce((most, [first]) => Math.max(most, textWidth(first)), 0),
  );
  const title = `${indent}${printable(heading)}${level === 3 ? ":" : ""}`;
  return [
    level === 3 ? title : style.bold(title),
    ...lines.map((line) => `${indent}  ${printable(line)}`),
    ...rows.map(([first, second]) => `${indent}  ${padEnd(printable(first), width)}   ${printable(second)}`),
  ];
}

/** The same as Markdown (GitHub's dialect). */
export function workloadMarkdown(explained: WorkloadExplanation): string {
  const blocks = explanationBlocks(explained).map(({ level, heading, lines, rows }) => {
    const title = `${"#".repeat(level + 1)} ${markdownCell(heading)}`;
    const list = rows.map(([first, second]) => `- ${markdownCell(first)}: ${markdownCell(second)}`);
    return [title, ...paragraphs(lines), ...(list.length === 0 ? [] : [list.join("\n")])].join("\n\n");
  });
  return `${blocks.join("\n\n")}\n`;
}

/** Lines that are set in are a list. */
function paragraphs(lines: readonly string[]): string[] {
  const made: string[] = [];
  for (const [index, line] of lines.entries()) {
    const item = line.startsWith("  ");
    const text = item ? `- ${markdownCell(line.trim())}` : markdownCell(line);
    if (item && lines[index - 1]?.startsWith("  ")) made[made.length - 1] += `\n${text}`;
    else made.push(text);
  }
  return made;
}
