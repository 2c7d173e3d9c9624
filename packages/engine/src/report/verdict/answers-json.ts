import type { AnswerGroup, AskedEnd } from "../../ask/answers.ts";
import { type PortSetJson, portSetJson } from "../connections/connections-data.ts";
import { endNames } from "./answers-text.ts";
import { type VerdictJson, verdictJson } from "./verdict-json.ts";

/** The verdict on one flow, and all flows that are judged alike: each source to each destination at each port. */
export interface AnswerJson extends VerdictJson {
  /** `namespace/name`, addresses and prefixes. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly ports: PortSetJson;
}

export function answerJson({ sources, destinations, ports, verdict }: AnswerGroup): AnswerJson {
  return {
    ...verdictJson(verdict),
    sources: names(sources),
    destinations: names(destinations),
    ports: portSetJson(ports),
  };
}

function names(ends: readonly AskedEnd[]): readonly string[] {
  const { pods, cidrs } = endNames(ends);
  return [...pods, ...cidrs.map(({ text }) => text)];
}
