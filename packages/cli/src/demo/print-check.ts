import { explanation, type MatrixCell, matrixText, sentence } from "@portcullis/engine";
import { reportStyle } from "../text/report-style.ts";
import { wrapLines } from "../text/wrap.ts";
import { groupDenials } from "./denials.ts";
import { curlCommand } from "./observe.ts";
import type { Outcome } from "./outcome.ts";
import { type Page, pageWidth } from "./page.ts";
import type { Prediction } from "./predict.ts";
import { podText } from "./question.ts";
import type { Check } from "./step.ts";

/** What the engine says, and for every denial why. */
export function printPredictions(page: Page, check: Check, predictions: readonly Prediction[]): void {
  page.lines([page.colors.bold("The engine predicts")], 4);
  if (check.by === "curl") printEach(page, predictions);
  else printGrouped(page, predictions);
  page.gap();
}

function printEach(page: Page, predictions: readonly Prediction[]): void {
  for (const [index, { verdict }] of predictions.entries()) {
    if (index > 0 && !verdict.allowed) page.gap();
    const text = verdict.allowed
      ? sentence(verdict)
      : explanation(verdict, reportStyle(page.colors)).replaceAll("\n\n", "\n");
    page.lines(wrapLines(text, pageWidth - 6), 6);
  }
}

function printGrouped(page: Page, predictions: readonly Prediction[]): void {
  const { colors } = page;
  const denied = predictions.filter(({ verdict }) => !verdict.allowed).length;
  const count = `${predictions.length - denied} of ${predictions.length} connections allowed`;
  page.lines([denied === 0 ? count : `${count}, ${denied} denied:`], 6);
  for (const { rule, misses } of groupDenials(predictions)) {
    page.lines([`${colors.red("✗")} nearest: ${colors.bold(rule)}`], 6);
    for (const miss of misses) page.lines(wrapLines(miss, pageWidth - 10), 10);
  }
}

/** What the kernel did, then prediction and observation in one matrix for each port. */
export function printObservations(page: Page, check: Check, outcomes: readonly Outcome[]): void {
  const { colors } = page;
  page.lines([colors.bold("The kernel does")], 4);
  if (check.by === "curl") {
    for (const outcome of outcomes) {
      const command = ["kubectl", "exec", podText(outcome.question.from), "--", ...curlCommand(outcome)];
      page.command(command, [outcome.observation.words], 6);
    }
  }
  const agreed = outcomes.filter(({ agrees }) => agrees).length;
  const what = check.by === "curl" ? "requests sent" : "connections tried from inside the pods";
  page.lines([`${outcomes.length} ${what}, ${agreed} as predicted`], 6);
  page.lines(
    remarks(outcomes).flatMap((remark) => wrapLines(remark, pageWidth - 6)),
    6,
  );
  for (const port of check.ports) {
    page.gap();
    if (check.ports.length > 1) page.lines([colors.bold(`TCP ${port}`)], 6);
    const lines = matrix(check, port, outcomes, page);
    // One legend for all ports.
    page.lines(port === check.ports.at(-1) ? lines : lines.slice(0, -1), 6);
  }
}

function remarks(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ question, verdict, observation, agrees, retried }) => {
    const flow = `${podText(question.from)} → ${podText(question.to)}:${question.port}`;
    if (!agrees) {
      return [`! ${flow}: predicted ${verdict.allowed ? "allowed" : "denied"}, but: ${observation.words}`];
    }
    return retried ? [`${flow}: no answer at first, tried a second time`] : [];
  });
}

function matrix({ pods }: Check, port: number, outcomes: readonly Outcome[], page: Page): string[] {
  const names = pods.map(podText);
  const cells = pods.map((from) =>
    pods.map((to): MatrixCell | undefined => {
      const outcome = outcomes.find(
        ({ question }) => question.from === from && question.to === to && question.port === port,
      );
      if (outcome === undefined) return undefined;
      const predicted = outcome.verdict.allowed;
      return { predicted, observed: outcome.agrees ? predicted : !predicted };
    }),
  );
  const options = { style: reportStyle(page.colors), width: pageWidth - 6 };
  return matrixText({ rows: names, columns: names, cells }, options).split("\n");
}
