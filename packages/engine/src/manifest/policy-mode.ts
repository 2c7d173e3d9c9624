import { type FieldError, notSupported } from "./field-error.ts";
import type { RawMetadata } from "./schema-metadata.ts";

/** The annotation of a NetworkPolicy that says whether it is in force. */
export const modeAnnotation = "portcullis.dev/mode";

const modes = ["enforced", "staged"] as const;

/**
 * Whether the annotation asks that the policy is not enforced, only reported on. Without it, and with any other value, a
 * policy is enforced: a misspelt word must not open a gate.
 */
export function isStaged(metadata: Pick<RawMetadata, "annotations"> | undefined): boolean {
  return metadata?.annotations?.[modeAnnotation] === "staged";
}

/** A word that is neither of the modes. To be told as a warning: an API server takes any annotation. */
export function checkMode(metadata: RawMetadata | undefined): FieldError | undefined {
  const mode = metadata?.annotations?.[modeAnnotation];
  if (mode === undefined || modes.some((known) => known === mode)) return undefined;
  return notSupported(["metadata", "annotations", modeAnnotation], mode, modes);
}
