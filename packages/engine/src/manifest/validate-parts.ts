import { decode } from "./decode.ts";
import { type FieldError, fieldPath, type Path } from "./field-error.ts";
import { podTemplate, type RawPodTemplate } from "./schema-core.ts";
import { labelSelector, metadata, type RawLabelSelector, type RawMetadata } from "./schema-metadata.ts";
import { validateMetadata } from "./validate-metadata.ts";
import { checkDnsLabel, checkDnsSubdomain } from "./validate-names.ts";
import { validateSelector } from "./validate-selector.ts";
import { validateTemplate } from "./validate-workload.ts";

// The rules of parts that many kinds share, for a server of kinds that the engine itself does not read.

export { checkLabelKey, checkLabelValue, checkPortName, checkPortNumber } from "./validate-names.ts";

/** What names may be; each gives the complaints about a text. */
export const checkObjectName = { subdomain: checkDnsSubdomain, label: checkDnsLabel } as const;

/** Validates `metadata` as it stands in an object that is made, like `validateObject` does. */
export function validateObjectMeta(
  value: unknown,
  options: { readonly namespaced: boolean; readonly name: (name: string) => string[] },
): FieldError[] {
  const decoded = decode(metadata, value);
  const wrong = wrongTypes(decoded.errors, ["metadata"]);
  if (wrong.length > 0) return wrong;
  return validateMetadata(decoded.value as RawMetadata, options.name, options.namespaced);
}

/** Validates a meta/v1 LabelSelector at `path`. */
export function validateLabelSelector(value: unknown, path: Path): FieldError[] {
  const decoded = decode(labelSelector, value);
  const wrong = wrongTypes(decoded.errors, path);
  return wrong.length > 0 ? wrong : validateSelector(decoded.value as RawLabelSelector, path);
}

/** Validates a core/v1 PodTemplateSpec at `path`: names, labels, containers and ports. */
export function validatePodTemplate(value: unknown, path: Path): FieldError[] {
  const decoded = decode(podTemplate, value);
  const wrong = wrongTypes(decoded.errors, path);
  return wrong.length > 0 ? wrong : validateTemplate(decoded.value as RawPodTemplate, path);
}

function wrongTypes(errors: readonly FieldError[], base: Path): FieldError[] {
  return errors
    .filter(({ code }) => code === "wrong-type")
    .map((error) => {
      const segments = [...base, ...error.segments];
      return { ...error, segments, path: fieldPath(segments) };
    });
}
