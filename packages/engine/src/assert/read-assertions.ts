import { decode } from "../manifest/decode.ts";
import {
  type FieldError,
  fieldError,
  fieldPath,
  invalid,
  notSupported,
  type Path,
  required,
} from "../manifest/field-error.ts";
import { LineIndex } from "../manifest/line-index.ts";
import type { ManifestFile } from "../manifest/read-manifest.ts";
import { closedObject, intOrString, list, string } from "../manifest/schema.ts";
import type { SourceDocument, Span } from "../manifest/source-document.ts";
import { splitDocuments } from "../manifest/split-documents.ts";
import { checkPortName, checkPortNumber } from "../manifest/validate-names.ts";
import { readYamlDocument } from "../manifest/yaml-document.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Protocol } from "../model/protocol.ts";
import type { SourceRange } from "../model/source.ts";
import type { Assertion, AssertionPeer } from "./assertion.ts";
import { parseAssertionPeer } from "./parse-peer.ts";

const assertionsVersion = "portcullis.dev/v1alpha1";

export interface AssertionFiles {
  /** In the order of the files. An assertion is here only when it has no error. */
  readonly assertions: readonly Assertion[];
  readonly diagnostics: readonly Diagnostic[];
}

const schema = closedObject({
  apiVersion: string,
  kind: string,
  assertions: list(
    closedObject({ name: string, from: string, to: string, port: intOrString, expect: string }),
  ),
});

interface RawAssertion {
  readonly name?: string;
  readonly from?: string;
  readonly to?: string;
  readonly port?: number | string;
  readonly expect?: string;
}

const protocols: readonly Protocol[] = ["TCP", "UDP", "SCTP"];

/**
 * Reads files of assertions, strictly: an unknown or repeated field, another kind and a part that cannot be understood
 * are errors with their places, as in manifests. Never throws for what a text holds.
 */
export function readAssertions(files: readonly ManifestFile[]): AssertionFiles {
  const assertions: Assertion[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { file, text } of files) {
    const lines = new LineIndex(file, text);
    const before = { assertions: assertions.length, diagnostics: diagnostics.length };
    const problem = (message: string, span: Span, code: Diagnostic["code"] = "syntax") =>
      diagnostics.push({ code, severity: "error", message, path: "", range: lines.range(span) });
    for (const { start, end, badSeparator } of splitDocuments(text)) {
      const result = readYamlDocument(text.slice(start, end), start);
      if (result?.problem !== undefined)
        problem(result.problem.message, result.problem.span, result.problem.code);
      else if (result !== undefined && result.document.value !== null) {
        const read = new DocumentReader(result.document, lines).read();
        assertions.push(...read.assertions);
        diagnostics.push(...read.diagnostics);
      }
      if (badSeparator !== undefined) problem("invalid Yaml document separator", badSeparator);
    }
    if (assertions.length === before.assertions && diagnostics.length === before.diagnostics) {
      problem("there is no assertion in this file", { start: 0, end: 0 }, "required");
    }
  }
  return { assertions, diagnostics };
}

class DocumentReader {
  readonly #document: SourceDocument;
  readonly #lines: LineIndex;
  readonly #errors: FieldError[] = [];

  constructor(document: SourceDocument, lines: LineIndex) {
    this.#document = document;
    this.#lines = lines;
  }

  read(): AssertionFiles {
    const assertions = this.#assertions();
    const diagnostics = this.#errors.map((error): Diagnostic => {
      const part = error.atKey === true ? "key" : "value";
      return {
        code: error.code,
        severity: "error",
        message: error.message,
        path: error.path,
        object: "Assertions",
        range: this.#lines.range(this.#document.locate(error.segments, part)),
      };
    });
    return { assertions, diagnostics };
  }

  #assertions(): Assertion[] {
    const decoded = decode(schema, this.#document.value);
    const duplicates = this.#document.duplicates.map((path) =>
      fieldError("duplicate-field", path, `duplicate field "${fieldPath(path)}"`, { atKey: true }),
    );
    this.#errors.push(...duplicates, ...decoded.errors);
    const { apiVersion, kind, assertions } = decoded.value as {
      readonly apiVersion?: string;
      readonly kind?: string;
      readonly assertions?: readonly RawAssertion[];
    };
    this.#oneOf(["apiVersion"], apiVersion, [assertionsVersion]);
    this.#oneOf(["kind"], kind, ["Assertions"]);
    if (this.#errors.length > 0) return [];
    if (assertions === undefined || assertions.length === 0) {
      this.#errors.push(required(["assertions"], "at least one assertion"));
      return [];
    }
    return assertions.flatMap((raw, index) => this.#assertion(raw, ["assertions", index]) ?? []);
  }

  #assertion(raw: RawAssertion, path: Path): Assertion | undefined {
    const from = this.#peer(raw.from, [...path, "from"]);
    const to = this.#peer(raw.to, [...path, "to"]);
    const port = this.#port(raw.port, [...path, "port"]);
    const expect = this.#oneOf([...path, "expect"], raw.expect, ["allow", "deny"]);
    if (from?.kind === "named" && from.type === "Service") {
      this.#errors.push(
        invalid([...path, "from"], from.text, "a Service sends nothing; name pods or a workload"),
      );
      return undefined;
    }
    if (from === undefined || to === undefined || port === undefined || expect === undefined)
      return undefined;
    const name = raw.name || `${from.text} → ${to.text} ${raw.port}`;
    return { name, from, to, ...port, expect, range: this.#range(path) };
  }

  #peer(text: string | undefined, path: Path): AssertionPeer | undefined {
    if (text === undefined || text === "") {
      this.#errors.push(required(path));
      return undefined;
    }
    const { peer, problem } = parseAssertionPeer(text, this.#range(path));
    if (peer === undefined) this.#errors.push(invalid(path, text, problem));
    return peer;
  }

  /** `80`, `80/udp`, `http` or `http/udp`; the protocol is TCP unless said. */
  #port(
    value: number | string | undefined,
    path: Path,
  ): { readonly port: number | string; readonly protocol: Protocol } | undefined {
    if (value === undefined || value === "") {
      this.#errors.push(required(path));
      return undefined;
    }
    const [text = "", suffix = "TCP", ...rest] = String(value).split("/");
    const protocol = protocols.find((one) => one === suffix.toUpperCase());
    if (protocol === undefined || rest.length > 0) {
      this.#errors.push(
        invalid(path, value, "write PORT or PORT/PROTOCOL; the protocol is tcp, udp or sctp"),
      );
      return undefined;
    }
    const port = /^\d+$/.test(text) ? Number(text) : text;
    const [problem] = typeof port === "number" ? checkPortNumber(port) : checkPortName(port);
    if (problem === undefined) return { port, protocol };
    this.#errors.push(invalid(path, value, problem));
    return undefined;
  }

  #oneOf<T extends string>(path: Path, value: string | undefined, choices: readonly T[]): T | undefined {
    const choice = choices.find((one) => one === value);
    if (choice === undefined) {
      this.#errors.push(
        value === undefined || value === "" ? required(path) : notSupported(path, value, choices),
      );
    }
    return choice;
  }

  #range(path: Path): SourceRange {
    return this.#lines.range(this.#document.locate(path, "value"));
  }
}
