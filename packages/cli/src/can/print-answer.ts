import { explanation, sentence, type Verdict, verdictJson } from "@portcullis/engine";
import type { Io } from "../io/io.ts";
import { reportStyle } from "../text/report-style.ts";
import { formatYaml } from "../text/yaml.ts";
import type { Answer } from "./ask.ts";

/** Prints an answer: for people one sentence and then the reasoning, for programs the same as JSON or YAML. */
export function printAnswer(answer: Answer, output: string, io: Io): void {
  if (output === "text") {
    io.out(`${summary(answer)}\n`);
    for (const verdict of answer.verdicts) io.out(`\n${reasoning(verdict, answer, io)}\n`);
    return;
  }
  const data = answerJson(answer);
  io.out(output === "json" ? `${JSON.stringify(data, null, 2)}\n` : formatYaml(data));
}

function answerJson({ allowed, verdicts, service }: Answer) {
  return {
    allowed,
    ...(service && { service: `${service.namespace}/${service.name}` }),
    verdicts: verdicts.map(verdictJson),
  };
}

/** The whole answer in one sentence. */
function summary({ allowed, verdicts, service }: Answer): string {
  const [first] = verdicts;
  const name = service && `Service ${service.namespace}/${service.name}`;
  if (first === undefined)
    return `No: no pod is behind ${name ?? "the destination"}, so there is nothing to reach.`;
  if (verdicts.length === 1) return sentence(first);
  const passing = verdicts.filter((verdict) => verdict.allowed).length;
  const count = allowed
    ? `all ${verdicts.length}`
    : passing === 0
      ? `none of ${verdicts.length}`
      : `only ${passing} of ${verdicts.length}`;
  return `${allowed ? "Yes" : "No"}: ${count} connections${name ? ` through ${name}` : ""} are allowed.`;
}

function reasoning(verdict: Verdict, { verdicts }: Answer, io: Io): string {
  const text = explanation(verdict, reportStyle(io.outColors));
  return verdicts.length === 1 ? text : `${sentence(verdict)}\n${text}`;
}
