import { type FieldError, invalid, type Path } from "./field-error.ts";
import type { RawPodTemplate } from "./schema-core.ts";
import type { RawWorkload } from "./schema-workload.ts";
import { validateLabels, validateMetadata } from "./validate-metadata.ts";
import { checkDnsSubdomain } from "./validate-names.ts";
import { validatePodSpec } from "./validate-pod.ts";

/** Validates what the engine reads of a kind that has a pod template and a number of replicas. */
export function validateReplicated({ metadata, spec = {} }: RawWorkload): FieldError[] {
  return [
    ...validateMetadata(metadata, checkDnsSubdomain, true),
    ...validateCount(spec.replicas, ["spec", "replicas"]),
    ...validateTemplate(spec.template, ["spec", "template"]),
  ];
}

export function validateJob({ metadata, spec = {} }: RawWorkload): FieldError[] {
  return [
    ...validateMetadata(metadata, checkDnsSubdomain, true),
    ...validateCount(spec.parallelism, ["spec", "parallelism"]),
    ...validateTemplate(spec.template, ["spec", "template"]),
  ];
}

export function validateCronJob({ metadata, spec = {} }: RawWorkload): FieldError[] {
  const job = spec.jobTemplate?.spec ?? {};
  const path = ["spec", "jobTemplate", "spec"];
  const { name = "" } = metadata ?? {};
  // Eleven characters are left for the suffix of the jobs' names.
  const long =
    name.length > 52 ? [invalid(["metadata", "name"], name, "must be no more than 52 characters")] : [];
  return [
    ...validateMetadata(metadata, checkDnsSubdomain, true),
    ...long,
    ...validateCount(job.parallelism, [...path, "parallelism"]),
    ...validateTemplate(job.template, [...path, "template"]),
  ];
}

function validateCount(count: number | undefined, path: Path): FieldError[] {
  return (count ?? 0) < 0 ? [invalid(path, count, "must be greater than or equal to 0")] : [];
}

/** A pod template, at `path`. */
export function validateTemplate({ metadata, spec }: RawPodTemplate = {}, path: Path): FieldError[] {
  return [
    ...validateLabels(metadata?.labels, [...path, "metadata", "labels"]),
    ...validatePodSpec(spec, [...path, "spec"]),
  ];
}
