import type { SourceRange } from "../../model/source.ts";
import { printable } from "../text/printable.ts";
import { plainStyle, type Style } from "../text/style.ts";
import { type Decision, decisions } from "../verdict/deciding-rules.ts";
import { explanation } from "../verdict/explanation.ts";
import {
  type AssertionOutcome,
  type AssertionReport,
  type AssertionStatus,
  extent,
  statusOf,
  tallyText,
} from "./assertion-report.ts";

/** Lines of a rule that are shown. */
const mostLines = 8;

const words: Readonly<Record<AssertionStatus, string>> = { pass: "PASS", fail: "FAIL", error: "ERROR" };

/** For people: a line for each assertion, then what is wrong with those that do not pass, then how many there were. */
export function assertionText(report: AssertionReport, style: Style = plainStyle): string {
  const { outcomes, notRun } = report;
  const lines = [
    style.bold("RESULT   EXPECT   ASSERTION"),
    ...outcomes.map((outcome) => {
      const { name, expect } = outcome.assertion;
      const status = statusOf(outcome);
      const observed = outcome.observed === undefined ? "" : style.dim(` (${observationText(outcome)})`);
      return `${paint(status, style)(words[status].padEnd(6))}   ${expect.padEnd(6)}   ${printable(name)}${observed}`;
    }),
    ...notRun.map(({ name, expect }) => `${style.dim("-     ")}   ${expect.padEnd(6)}   ${printable(name)}`),
  ];
  const failures = outcomes
    .filter((outcome) => statusOf(outcome) !== "pass")
    .flatMap((outcome) => ["", ...failureLines(outcome, report, style)]);
  return [...lines, ...failures, "", style.bold(tallyText(report)), ""].join("\n");
}

const paint = (status: AssertionStatus, style: Style) => (status === "pass" ? style.allow : style.deny);

function observationText({ observed }: AssertionOutcome): string {
  if (observed === undefined || observed.status === "untried") return "no packet can try it";
  const { packets } = observed;
  return `${packets} ${packets === 1 ? "packet" : "packets"}`;
}

function failureLines(
  outcome: AssertionOutcome,
  { texts }: AssertionReport,
  style: Style,
): readonly string[] {
  const { assertion, counterExample, problem, problemRange, observed } = outcome;
  const { file, start } = problemRange ?? assertion.range;
  const head = `${style.deny(words[statusOf(outcome)])} ${style.bold(printable(assertion.name))} ${style.dim(`(${file}:${start.line})`)}`;
  return [
    head,
    ...(assertion.why === undefined ? [] : [`  why: ${printable(assertion.why)}`]),
    ...(problem === undefined
      ? []
      : [
          `  ${printable(problem)}`,
          ...indent(excerptLines(problemRange ?? assertion.range, texts, style, 1)),
        ]),
    ...(counterExample === undefined
      ? []
      : [
          `  ${extent(outcome)}. The first:`,
          "",
          ...indent(explanation(counterExample.verdict, style).split("\n")),
          ...decisions(counterExample.verdict).flatMap((decision) => ruleLines(decision, texts, style)),
        ]),
    ...(observed?.status === "fail"
      ? ["  packets:", ...observed.details.map((line) => `    ${printable(line)}`)]
      : []),
  ];
}

function ruleLines(
  { policy, rule, range }: Decision,
  texts: ReadonlyMap<string, string>,
  style: Style,
): string[] {
  if (range === undefined) return [];
  const excerpt = excerptLines(range, texts, style, rule === undefined ? 1 : mostLines);
  if (excerpt.length === 0) return [];
  const what = rule === undefined ? policy : `${rule} of ${policy}`;
  return ["", `  ${what}, ${range.file}:${range.start.line}`, ...indent(excerpt)];
}

/** The source from where the range begins, with line numbers. */
function excerptLines(
  { file, start, end }: SourceRange,
  texts: ReadonlyMap<string, string>,
  style: Style,
  most: number,
): readonly string[] {
  const source = texts.get(file);
  if (source === undefined) return [];
  // A range that ends at the begin of a line does not take in that line.
  const last = end.column === 1 && end.line > start.line ? end.line - 1 : end.line;
  const all = source.split("\n").slice(start.line - 1, last);
  const shown = all.slice(0, most);
  const width = String(start.line + shown.length).length;
  const lines = shown.map((line, index) => {
    const number = String(start.line + index).padStart(width);
    return `${style.dim(`${number} |`)} ${printable(line.replace(/\r$/, "").slice(0, 100))}`.trimEnd();
  });
  return all.length > most && most > 1 ? [...lines, style.dim(`${" ".repeat(width)} | …`)] : lines;
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => (line === "" ? "" : `  ${line}`));
