import { type AnyPodsAnswer, flowDifferenceJson, flowDifferenceText } from "@portcullis/engine";
import type { Io } from "../io/io.ts";
import { reportStyle } from "../text/report-style.ts";
import { formatYaml } from "../text/yaml.ts";

export interface Comparison {
  readonly question: "equal" | "contains";
  readonly names: readonly [string, string];
  /** How many pods were given, or that it is about any. */
  readonly pods: number | "any";
  readonly answer: AnyPodsAnswer;
}

/** Prints an answer: for people one sentence and the counter-example, for programs the same as JSON or YAML. */
export function printComparison(comparison: Comparison, output: string, io: Io): void {
  if (output === "text") {
    io.out(`${sentence(comparison)}\n`);
    const { answer, names } = comparison;
    if (answer.holds === false)
      io.out(`\n${flowDifferenceText(answer.example, names, reportStyle(io.outColors))}\n`);
    return;
  }
  const { question, names, pods, answer } = comparison;
  const data = {
    question,
    a: names[0],
    b: names[1],
    pods,
    holds: answer.holds,
    ...(answer.holds === false && { example: flowDifferenceJson(answer.example) }),
    ...(answer.holds === "unknown" && { steps: answer.steps }),
  };
  io.out(output === "json" ? `${JSON.stringify(data, null, 2)}\n` : formatYaml(data));
}

function sentence({ question, names: [a, b], pods, answer }: Comparison): string {
  const scope = pods === "any" ? "any pods" : pods === 1 ? "the pod given" : `the ${pods} pods given`;
  if (answer.holds === "unknown")
    return `Not decided: the search was given up after ${answer.steps} steps; --limit allows more.`;
  if (answer.holds)
    return question === "equal"
      ? `Equal: ${a} and ${b} allow the same, for ${scope}.`
      : `Contained: ${a} allows everything that ${b} allows, for ${scope}.`;
  const [allowing, denying] = answer.example.b.allowed ? [b, a] : [a, b];
  const word = question === "equal" ? "Not equal" : "Not contained";
  return `${word}: ${allowing} allows what ${denying} denies, for example:`;
}
