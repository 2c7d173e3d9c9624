import { answerJson, answersText } from "@portcullis/engine";
import type { Io } from "../io/io.ts";
import { reportStyle } from "../text/report-style.ts";
import { formatYaml } from "../text/yaml.ts";
import type { Answer } from "./ask.ts";

/** Prints an answer: for people one sentence and then the reasoning, for programs the same as JSON or YAML. */
export function printAnswer({ allowed, groups, service }: Answer, output: string, io: Io): void {
  const name = service && `${service.namespace}/${service.name}`;
  if (output === "text") {
    io.out(answersText(groups, name && `Service ${name}`, reportStyle(io.outColors)));
    return;
  }
  const data = { allowed, ...(name && { service: name }), verdicts: groups.map(answerJson) };
  io.out(output === "json" ? `${JSON.stringify(data, null, 2)}\n` : formatYaml(data));
}
