import { type AssertionReport, failureMessage, statusOf, tallyText } from "./assertion-report.ts";

/**
 * As workflow commands of GitHub Actions, which become annotations at the assertions' lines; one line each, and one with
 * the tally (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
 */
export function assertionGithub(report: AssertionReport): string {
  const errors = report.outcomes
    .filter((outcome) => statusOf(outcome) !== "pass")
    .map((outcome) => {
      const { assertion, problemRange } = outcome;
      const { file, start, end } = problemRange ?? assertion.range;
      const place = `file=${property(file)},line=${start.line},endLine=${Math.max(start.line, end.line)},col=${start.column}`;
      return `::error ${place},title=${property(assertion.name)}::${data(failureMessage(outcome))}\n`;
    });
  return `${errors.join("")}::notice title=portcullis test::${data(tallyText(report))}\n`;
}

/** A line break would end the command, and a percent sign begins an escape. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
