import { withDefaults } from "../../../json.ts";
import { withTemplateDefaults } from "./pod-spec.ts";

/** What a JobSpec is filled with (batch/v1 defaults): one pod that has to succeed, tried seven times. */
export function withJobDefaults(spec: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { completions, parallelism } = spec;
  return withDefaults(withTemplateDefaults(spec), {
    ...(isAbsent(completions) && isAbsent(parallelism) ? { completions: 1 } : {}),
    parallelism: 1,
    backoffLimit: isAbsent(spec.backoffLimitPerIndex) ? 6 : 2 ** 31 - 1,
    completionMode: "NonIndexed",
    suspend: false,
    podReplacementPolicy: isAbsent(spec.podFailurePolicy) ? "TerminatingOrFailed" : "Failed",
  });
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
