import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import { portSetText } from "../port-set-text.ts";
import { markdownCell } from "../text/markdown-cell.ts";
import { diffCounts } from "./connection-diff-data.ts";
import { lonePeerText } from "./connection-diff-text.ts";
import { lonePeersOf } from "./connection-diff-wide.ts";
import { diffCauseText } from "./diff-cause-text.ts";
import { type DiffRow, diffRows } from "./diff-rows.ts";

/** Rows that are seen at once; the rest is folded. */
const rowsSeen = 20;

/** A comment on GitHub takes 65,536 characters, and somebody may have more to say. */
const defaultLimit = 60_000;

const head = "| | Source | Destination | Ports | Responsible |\n| --- | --- | --- | --- | --- |\n";

/**
 * The diff as Markdown (GitHub's dialect) for a comment on a pull request: counts first, then rows of changes that belong
 * together, the first 20 in sight and the others folded. Names in a cell stand one below the other.
 * @param limit In characters: rows beyond it are left out, which the last line says.
 */
export function connectionDiffMarkdown(diff: ConnectionDiff, limit = defaultLimit): string {
  const rows = diffRows(diff);
  const lone = lonePeersOf(diff).map(
    ([word, each]) => `- ${word === "new" ? "New" : "Gone"}: ${markdownCell(lonePeerText(each))}\n`,
  );
  const lines = rows.map(rowText);
  let text = `**${markdownCell(diffSummary(diff))}**\n`;
  let left = 0;
  const fits = (more: readonly string[]) => {
    const taken: string[] = [];
    for (const line of more) {
      if (text.length + line.length > limit) left++;
      else {
        taken.push(line);
        text += line;
      }
    }
    return taken.length;
  };
  if (lone.length > 0) {
    text += "\n";
    fits(lone);
  }
  if (lines.length > 0) {
    text += `\n${head}`;
    fits(lines.slice(0, rowsSeen));
  }
  if (lines.length > rowsSeen) {
    text += `\n<details><summary>${lines.length - rowsSeen} more rows</summary>\n\n${head}`;
    fits(lines.slice(rowsSeen));
    text += "\n</details>\n";
  }
  return left === 0 ? text : `${text}\n${left} more rows are left out here: \`-o html\` has all of them.\n`;
}

function rowText({ sign, sources, destinations, ports, causes }: DiffRow): string {
  const cells = [
    sign === "+" ? "opened" : "closed",
    cell(sources),
    cell(destinations),
    markdownCell(portSetText(ports)),
    cell(causes.map(diffCauseText)),
  ];
  return `| ${cells.join(" | ")} |\n`;
}

const cell = (texts: readonly string[]): string => texts.map(markdownCell).join("<br>");

/** `3 connections opened, 1 closed; 1 workload new`: the counts of a diff in words. */
export function diffSummary(diff: ConnectionDiff): string {
  const { opened, closed, added, removed, compared } = diffCounts(diff);
  const workloads = (count: number) => `${count} ${count === 1 ? "workload" : "workloads"}`;
  if (opened + closed + added + removed === 0)
    return `No difference between ${workloads(compared)} and the outside`;
  const changes =
    opened + closed === 0
      ? "no connection changed"
      : `${opened} ${opened === 1 ? "connection" : "connections"} opened, ${closed} closed`;
  return [
    changes,
    ...(added > 0 ? [`${workloads(added)} new`] : []),
    ...(removed > 0 ? [`${workloads(removed)} gone`] : []),
  ].join("; ");
}
