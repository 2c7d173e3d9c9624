import type { Assertion } from "../../assert/assertion.ts";
import type { JudgedAssertion } from "../../assert/judge.ts";
import { portSetText } from "../port-set-text.ts";
import { sentence } from "../verdict/sentence.ts";
import { count } from "../verification/verification.ts";

/** What became of assertions. All reports are made of this. */
export interface AssertionReport {
  /** In the order of the files. */
  readonly outcomes: readonly AssertionOutcome[];
  /** Those that were not judged any more, after the first failure. */
  readonly notRun: readonly Assertion[];
  /** The files by name, for excerpts: of the assertions, and of the policies. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface AssertionOutcome extends JudgedAssertion {
  /** What real packets did; absent when none were sent. */
  readonly observed?: Observation;
}

export interface Observation {
  /** `untried`: no packet can tell, and `details` says why. */
  readonly status: "pass" | "fail" | "untried";
  readonly packets: number;
  /** One line for each packet that did not do what the assertion expects, or what could not be tried. */
  readonly details: readonly string[];
}

export type AssertionStatus = JudgedAssertion["status"];

/** By policies and by packets: an assertion passes when nothing speaks against it. */
export function statusOf({ status, observed }: AssertionOutcome): AssertionStatus {
  return status === "pass" && observed?.status === "fail" ? "fail" : status;
}

export interface AssertionTally {
  readonly passed: number;
  readonly failed: number;
  readonly errors: number;
  readonly notRun: number;
}

export function tallyOf({ outcomes, notRun }: AssertionReport): AssertionTally {
  const of = (status: AssertionStatus) => outcomes.filter((outcome) => statusOf(outcome) === status).length;
  return { passed: of("pass"), failed: of("fail"), errors: of("error"), notRun: notRun.length };
}

/** `11 assertions: 9 passed, 1 failed, 1 error`. */
export function tallyText(report: AssertionReport): string {
  const { passed, failed, errors, notRun } = tallyOf(report);
  const parts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(errors > 0 ? [count(errors, "error")] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
  ];
  return `${count(passed + failed + errors + notRun, "assertion")}: ${parts.join(", ")}`;
}

/** In one or two sentences: what is wrong. "" for an assertion that passes. */
export function failureMessage(outcome: AssertionOutcome): string {
  const { status, counterExample, problem = "", observed } = outcome;
  if (status === "error") return problem;
  const observation = observed?.status === "fail" ? `observed: ${observed.details.join("; ")}` : "";
  if (counterExample === undefined) return observation;
  const parts = [`${extent(outcome)}. ${sentence(counterExample.verdict)}`, observation];
  return parts.filter((part) => part !== "").join(" ");
}

/** `expected deny, but 1 of 6 pairs is allowed, at TCP 5432`. */
export function extent({ assertion, pairs, violations, counterExample }: AssertionOutcome): string {
  const { expect, match } = assertion;
  const opposite = expect === "allow" ? "denied" : "allowed";
  const ports = counterExample === undefined ? "" : ` (${portSetText(counterExample.ports)})`;
  if (match === "any")
    return `expected ${expect} for any of ${count(pairs, "pair")}, but ${pairs === 1 ? "it is" : "all are"} ${opposite}${ports}`;
  return `expected ${expect}, but ${violations} of ${count(pairs, "pair")} ${violations === 1 ? "is" : "are"} ${opposite}${ports}`;
}
