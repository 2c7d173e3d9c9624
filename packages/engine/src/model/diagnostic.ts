import type { SourceRange } from "./source.ts";

export type Severity = "error" | "warning" | "info";

/** The kinds of things that can be wrong with a manifest. Each has a page in docs/diagnostics. */
export const diagnosticCodes = [
  "syntax", // not YAML or JSON, or a construct that kubectl refuses
  "not-an-object", // a document that is no Kubernetes object: no apiVersion or kind, or not a mapping
  "duplicate-field", // strict decoding: the same key twice
  "unknown-field", // strict decoding: a key that the kind does not have
  "wrong-type", // strict decoding: a value of another type than the field's
  "required", // field.ErrorTypeRequired
  "invalid", // field.ErrorTypeInvalid
  "not-supported", // field.ErrorTypeNotSupported
  "forbidden", // field.ErrorTypeForbidden
  "too-long", // field.ErrorTypeTooLong
  "duplicate-value", // field.ErrorTypeDuplicate
  "duplicate-object", // the same object in two places
  "unsupported-version", // a known kind in an apiVersion that is not served any more
  "limit", // more input than we accept
] as const;

export type DiagnosticCode = (typeof diagnosticCodes)[number];

/** A problem in the user's input, as data: reading goes on after it, and every other object is kept. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** In the API server's words: `Invalid value: "x": must be …` without the path in front. */
  readonly message: string;
  /** Field path as the API server writes it, `spec.ingress[0].from[0].ipBlock.cidr`; "" for the whole object. */
  readonly path: string;
  /** `NetworkPolicy default/web`, when the object could be told. */
  readonly object?: string;
  readonly range?: SourceRange;
  readonly related?: readonly { readonly message: string; readonly range: SourceRange }[];
}
