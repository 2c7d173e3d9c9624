import type { ProbeResult } from "@portcullis/sandbox";
import { podName, type Question } from "./question.ts";

/** What a question's packet may do, given that the engine is right. */
export interface Expectation {
  /** `some`: it depends on the pod that the Service picks. */
  readonly predicted: "allow" | "deny" | "some";
  /** Pods that may answer. */
  readonly answers: readonly string[];
  /** It may arrive where nothing listens. */
  readonly refused: boolean;
  /** It may be dropped. */
  readonly silence: boolean;
}

export function expectationOf({ ends }: Question): Expectation {
  const allowed = ends.filter((end) => end.allowed);
  const silence = allowed.length < ends.length;
  return {
    predicted: !silence ? "allow" : allowed.length === 0 ? "deny" : "some",
    answers: [...new Set(allowed.filter((end) => end.serves).map(({ pod }) => podName(pod)))],
    refused: allowed.some((end) => !end.serves),
    silence,
  };
}

/** Whether the packet did what it may. Who answered counts, not only that somebody did. */
export function confirms(
  { answers, refused, silence }: Expectation,
  { outcome, reply }: ProbeResult,
): boolean {
  switch (outcome) {
    case "connected":
      return reply !== undefined && answers.includes(reply);
    case "refused":
      return refused;
    case "timeout":
      return silence;
    case "unreachable":
      return false;
  }
}

/** `an answer from shop/api-1 or shop/api-2`, `silence`. */
export function expectationText({ answers, refused, silence }: Expectation): string {
  const shown = answers.length > 3 ? [...answers.slice(0, 3), "others"] : answers;
  const parts = [
    ...(shown.length > 0 ? [`an answer from ${shown.join(" or ")}`] : []),
    ...(refused ? ["arrival where nothing listens (refused)"] : []),
    ...(silence ? ["silence (dropped)"] : []),
  ];
  return parts.join(", or ");
}

export function outcomeText({ outcome, reply }: ProbeResult): string {
  switch (outcome) {
    case "connected":
      return reply === undefined ? "a connection, but no answer" : `an answer from ${reply}`;
    case "refused":
      return "refused: the packet arrived, and nothing listens";
    case "timeout":
      return "silence";
    case "unreachable":
      return "unreachable";
  }
}
