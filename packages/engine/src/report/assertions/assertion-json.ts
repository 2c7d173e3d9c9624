import type { Assertion } from "../../assert/assertion.ts";
import { assertionPortText } from "../../assert/parse-port.ts";
import { portSetText } from "../port-set-text.ts";
import { decidingRules } from "../verdict/deciding-rules.ts";
import { verdictJson } from "../verdict/verdict-json.ts";
import {
  type AssertionOutcome,
  type AssertionReport,
  failureMessage,
  statusOf,
  tallyOf,
} from "./assertion-report.ts";

/** As plain data for JSON. Fields may be added in later versions; none is renamed or changes its meaning. */
export function assertionJson(report: AssertionReport) {
  const { notRun } = report;
  return {
    ...tallyOf(report),
    assertions: [
      ...report.outcomes.map(outcomeJson),
      ...notRun.map((assertion) => ({ ...assertionData(assertion), status: "notRun" as const })),
    ],
  };
}

function assertionData({ name, why, from, to, ports, expect, match, range }: Assertion) {
  return {
    name,
    ...(why !== undefined && { why }),
    from: from.map(({ text }) => text),
    to: to.map(({ text }) => text),
    ports: ports.map(assertionPortText),
    expect,
    match,
    file: range.file,
    line: range.start.line,
    column: range.start.column,
  };
}

function outcomeJson(outcome: AssertionOutcome) {
  const { assertion, pairs, violations, counterExample, problem, problemRange, observed } = outcome;
  return {
    ...assertionData(assertion),
    status: statusOf(outcome),
    pairs,
    violations,
    ...(statusOf(outcome) !== "pass" && { message: failureMessage(outcome) }),
    ...(counterExample && {
      counterExample: {
        ports: portSetText(counterExample.ports),
        ...verdictJson(counterExample.verdict),
        decidedBy: decidingRules(counterExample.verdict),
      },
    }),
    ...(problem !== undefined && {
      problem,
      problemLine: problemRange!.start.line,
      problemColumn: problemRange!.start.column,
    }),
    ...(observed && { predicted: outcome.status, observed }),
  };
}
