import { xmlText as xml } from "../text/junit-xml.ts";
import { explanation } from "../verdict/explanation.ts";
import { type AssertionOutcome, type AssertionReport, failureMessage, statusOf } from "./assertion-report.ts";

/** As JUnit XML, which CI systems show: a suite for each file, a case for each assertion. */
export function assertionJunit({ outcomes, notRun }: AssertionReport): string {
  const files = [
    ...new Set([...outcomes.map(({ assertion }) => assertion), ...notRun].map(({ range }) => range.file)),
  ];
  const suites = files.map((file) => {
    const own = outcomes.filter(({ assertion }) => assertion.range.file === file);
    const left = notRun.filter(({ range }) => range.file === file);
    const attributes = counts(own, left.length);
    const cases = [
      ...own.map(caseXml),
      ...left.map(
        ({ name, range }) =>
          `${head(name, range.file, range.start.line)}><skipped message="not run"/></testcase>\n`,
      ),
    ];
    return `  <testsuite name="${xml(file)}" ${attributes}>\n${cases.join("")}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="portcullis test" ${counts(outcomes, notRun.length)}>\n${suites.join("")}</testsuites>\n`;
}

function counts(outcomes: readonly AssertionOutcome[], skipped: number): string {
  const of = (status: string) => outcomes.filter((outcome) => statusOf(outcome) === status).length;
  return `tests="${outcomes.length + skipped}" failures="${of("fail")}" errors="${of("error")}" skipped="${skipped}"`;
}

function caseXml(outcome: AssertionOutcome): string {
  const { name, range } = outcome.assertion;
  const start = head(name, range.file, range.start.line);
  const status = statusOf(outcome);
  if (status === "pass") return `${start}/>\n`;
  const element = status === "fail" ? "failure" : "error";
  return `${start}><${element} message="${xml(failureMessage(outcome))}">${xml(details(outcome))}</${element}></testcase>\n`;
}

const head = (name: string, file: string, line: number): string =>
  `    <testcase classname="${xml(file)}" name="${xml(name)}" file="${xml(file)}" line="${line}"`;

function details({ assertion, counterExample, problem, observed }: AssertionOutcome): string {
  return [
    ...(assertion.why === undefined ? [] : [`why: ${assertion.why}`]),
    ...(problem === undefined ? [] : [problem]),
    ...(counterExample === undefined ? [] : [explanation(counterExample.verdict)]),
    ...(observed?.status === "fail" ? observed.details : []),
  ].join("\n");
}
