import { type Document, visit } from "yaml";
import { resolvePlainScalar } from "../../manifest/yaml-scalar.ts";

/**
 * Puts quotes around every text of the document that kubectl would read as something else. The library knows what YAML
 * 1.1 and 1.2 take for a number, and not all that go-yaml does: `0o7`.
 */
export function quoteMisread(document: Document): void {
  visit(document, {
    Scalar(_, scalar) {
      const { value } = scalar;
      if (typeof value === "string" && typeof resolvePlainScalar(value) !== "string")
        scalar.type = "QUOTE_DOUBLE";
    },
  });
}
