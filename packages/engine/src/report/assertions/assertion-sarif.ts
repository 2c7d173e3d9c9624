import type { SourceRange } from "../../model/source.ts";
import { sarif } from "../sarif.ts";
import { decisions } from "../verdict/deciding-rules.ts";
import { type AssertionOutcome, type AssertionReport, failureMessage, statusOf } from "./assertion-report.ts";

const rules = [
  {
    id: "assertion-failed",
    title: "the policies do not do what is asserted",
    help: "A flow that is asserted to be allowed is denied, or the other way round. The related locations are the rules that decided.",
    severity: "error",
  },
  {
    id: "assertion-error",
    title: "the assertion cannot be judged",
    help: "A side of the assertion means nobody in this cluster, or its port is not known there. Write mayBeEmpty if that is as it should be.",
    severity: "error",
  },
] as const;

/** Failures as SARIF 2.1.0, at the lines of their assertions; those that pass leave no result. */
export function assertionSarif({ outcomes }: AssertionReport, version: string): string {
  const results = outcomes
    .filter((outcome) => statusOf(outcome) !== "pass")
    .map((outcome) => {
      const { assertion, problemRange } = outcome;
      return {
        rule: statusOf(outcome) === "fail" ? "assertion-failed" : "assertion-error",
        severity: "error" as const,
        object: assertion.name,
        message: failureMessage(outcome),
        range: problemRange ?? assertion.range,
        related: related(outcome),
      };
    });
  return sarif({ tool: "portcullis", version, rules, results });
}

function related({ counterExample }: AssertionOutcome): { message: string; range: SourceRange }[] {
  if (counterExample === undefined) return [];
  return decisions(counterExample.verdict).flatMap(({ policy, rule, range }) =>
    range === undefined ? [] : [{ message: rule === undefined ? policy : `${rule} of ${policy}`, range }],
  );
}
