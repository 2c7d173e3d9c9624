import { LineIndex } from "../manifest/line-index.ts";
import type { ManifestFile } from "../manifest/read-manifest.ts";
import type { Span } from "../manifest/source-document.ts";
import { splitDocuments } from "../manifest/split-documents.ts";
import { readYamlDocument } from "../manifest/yaml-document.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Assertion } from "./assertion.ts";
import { type AssertionFiles, readAssertionDocument } from "./read-assertion-document.ts";

/**
 * Reads files of assertions, strictly: an unknown or repeated field, another kind and a part that cannot be understood
 * are errors with their places, as in manifests. Never throws for what a text holds.
 */
export function readAssertions(files: readonly ManifestFile[]): AssertionFiles {
  return readFiles(files, false);
}

/**
 * Reads the assertions that lie among manifests: documents of another kind, and what is no YAML, are left to who reads
 * the manifests. Texts without the word are not parsed.
 */
export function readAssertionsAmong(files: readonly ManifestFile[]): AssertionFiles {
  return readFiles(
    files.filter(({ text }) => /\bkind\W+Assertions\b/.test(text)),
    true,
  );
}

function readFiles(files: readonly ManifestFile[], among: boolean): AssertionFiles {
  const assertions: Assertion[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { file, text } of files) {
    const lines = new LineIndex(file, text);
    const before = { assertions: assertions.length, diagnostics: diagnostics.length };
    const problem = (message: string, span: Span, code: Diagnostic["code"] = "syntax") => {
      if (!among) diagnostics.push({ code, severity: "error", message, path: "", range: lines.range(span) });
    };
    for (const { start, end, badSeparator } of splitDocuments(text)) {
      const result = readYamlDocument(text.slice(start, end), start);
      if (result?.problem !== undefined)
        problem(result.problem.message, result.problem.span, result.problem.code);
      else if (result !== undefined && isWanted(result.document.value, among)) {
        const read = readAssertionDocument(result.document, lines);
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

function isWanted(value: unknown, among: boolean): boolean {
  if (value === null) return false;
  return !among || (typeof value === "object" && (value as { kind?: unknown }).kind === "Assertions");
}
