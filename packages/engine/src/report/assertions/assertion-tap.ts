import { decidingRules } from "../verdict/deciding-rules.ts";
import { decidingText } from "../verification/verification.ts";
import { type AssertionReport, failureMessage, statusOf } from "./assertion-report.ts";

/** As TAP version 14 (https://testanything.org/tap-version-14-specification.html): a test point for each assertion. */
export function assertionTap({ outcomes, notRun }: AssertionReport): string {
  const lines = ["TAP version 14", `1..${outcomes.length + notRun.length}`];
  for (const [index, outcome] of outcomes.entries()) {
    const { assertion, counterExample } = outcome;
    const status = statusOf(outcome);
    lines.push(`${status === "pass" ? "ok" : "not ok"} ${index + 1} - ${description(assertion.name)}`);
    if (status === "pass") continue;
    const { file, start } = assertion.range;
    const decided =
      counterExample === undefined ? [] : decidingRules(counterExample.verdict).map(decidingText);
    lines.push(
      "  ---",
      `  message: ${JSON.stringify(failureMessage(outcome))}`,
      `  severity: ${status}`,
      `  at: ${JSON.stringify(`${file}:${start.line}:${start.column}`)}`,
      ...(assertion.why === undefined ? [] : [`  why: ${JSON.stringify(assertion.why)}`]),
      ...(decided.length === 0 ? [] : [`  decidedBy: ${JSON.stringify(decided)}`]),
      "  ...",
    );
  }
  for (const [index, { name }] of notRun.entries())
    lines.push(`ok ${outcomes.length + index + 1} - ${description(name)} # SKIP not run`);
  return `${lines.join("\n")}\n`;
}

/** One line, in which `#` begins no directive. */
function description(name: string): string {
  return name
    .replace(/\p{Cc}/gu, " ")
    .replace(/[\\#]/g, "\\$&")
    .trim();
}
