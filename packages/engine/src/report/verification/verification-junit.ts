import { groupBy } from "../../group-by.ts";
import { xmlText as xml } from "../text/junit-xml.ts";
import {
  type Disagreement,
  decidingText,
  shortPort,
  type Verification,
  type VerifiedAssertion,
  type VerifiedPair,
} from "./verification.ts";

/**
 * The report as JUnit XML, which CI systems show: one case for each pair of source and destination, and one for each
 * assertion. What was not probed is a skipped case.
 */
export function verificationJunit(verification: Verification): string {
  const { pairs, disagreements, assertions, notProbed } = verification;
  const wrong = groupBy(disagreements, ({ from, to }) => `${from} ${to}`);
  const suites = [
    suite(
      "connections",
      pairs.map((pair) => pairCase(pair, wrong.get(`${pair.from} ${targetOf(pair)}`) ?? [])),
      pairs.filter((pair) => isWrong(pair, wrong)).length,
      0,
    ),
    suite("assertions", assertions.map(assertionCase), assertions.filter(({ holds }) => !holds).length, 0),
    suite(
      "not probed",
      notProbed.map(
        ({ what, why }) =>
          `    <testcase classname="not probed" name="${xml(what)}"><skipped message="${xml(why)}"/></testcase>\n`,
      ),
      0,
      notProbed.length,
    ),
  ].filter((text) => text !== "");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="portcullis verify">\n${suites.join("")}</testsuites>\n`;
}

const targetOf = ({ to, kind }: VerifiedPair): string => (kind === "service" ? `Service ${to}` : to);

function isWrong(pair: VerifiedPair, wrong: ReadonlyMap<string, unknown>): boolean {
  return wrong.has(`${pair.from} ${targetOf(pair)}`) || pair.ports.some(({ confirmed }) => !confirmed);
}

function suite(name: string, cases: readonly string[], failures: number, skipped: number): string {
  if (cases.length === 0) return "";
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  return `  <testsuite name="${name}" ${counts}>\n${cases.join("")}  </testsuite>\n`;
}

function pairCase(pair: VerifiedPair, wrong: readonly Disagreement[]): string {
  const ports = pair.ports.map((port) => `${shortPort(port)} ${port.predicted}`).join(", ");
  const head = `    <testcase classname="${xml(pair.from)}" name="${xml(`to ${targetOf(pair)}: ${ports}`)}"`;
  // An assertion may have found something on a port that the pair was not asked on otherwise.
  const unconfirmed = [...pair.ports.filter(({ confirmed }) => !confirmed), ...wrong].map(shortPort);
  if (unconfirmed.length === 0) return `${head}/>\n`;
  const message = `not as predicted on ${[...new Set(unconfirmed)].join(", ")}`;
  const text = wrong.map(disagreementText).join("\n\n");
  return `${head}><failure message="${xml(message)}">${xml(text)}</failure></testcase>\n`;
}

function disagreementText(one: Disagreement): string {
  const { from, to, address, protocol, port, predicted, observed, decidedBy, explanation, kernel } = one;
  return [
    `${from} → ${to} (${address}) on ${protocol} ${port}: predicted ${predicted}, observed ${observed}`,
    ...decidedBy.map((rule) => `decided by ${decidingText(rule)}`),
    explanation,
    `the kernel's table: ${kernel.verdict}, ${kernel.dropped} dropped`,
    ...kernel.trace,
  ].join("\n");
}

function assertionCase({ name, holds, expect, file, line, details }: VerifiedAssertion): string {
  const head = `    <testcase classname="${xml(`${file}:${line}`)}" name="${xml(name)}"`;
  if (holds) return `${head}/>\n`;
  return `${head}><failure message="${xml(`expected: ${expect}`)}">${xml(details.join("\n"))}</failure></testcase>\n`;
}
