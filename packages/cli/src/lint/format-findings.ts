import { type Diagnostic, diagnosticCodes, type Finding, lintCatalogue, sarif } from "@portcullis/engine";
import type { Colors } from "../io/io.ts";
import { formatDiagnostics } from "../text/diagnostics.ts";
import { formatYaml } from "../text/yaml.ts";
import { version } from "../version.ts";
import { githubAnnotations } from "./github-annotations.ts";

export type LintFormat = "text" | "json" | "yaml" | "sarif" | "github";

/** All formats tell the same findings, in the same order. */
export function formatFindings(
  findings: readonly Finding[],
  format: LintFormat,
  texts: ReadonlyMap<string, string>,
  colors: Colors,
): string {
  switch (format) {
    case "text":
      return formatDiagnostics(findings.map(withCode), texts, colors);
    case "json":
      return `${JSON.stringify({ findings }, null, 2)}\n`;
    case "yaml":
      return formatYaml({ findings });
    case "github":
      return githubAnnotations(findings);
    case "sarif":
      return sarif({
        tool: "portcullis",
        version: version(),
        rules: [...lintCatalogue.map(({ code, ...rule }) => ({ id: code, ...rule })), ...readingRules],
        results: findings.map(({ code, ...finding }) => ({ rule: code, ...finding })),
      });
  }
}

/** As compilers do: the code behind the message. */
function withCode(finding: Finding): Omit<Diagnostic, "code"> {
  const mend =
    finding.fix === undefined
      ? ""
      : ` (--fix${finding.fix.safe ? "" : " --unsafe-fixes"}: ${finding.fix.title})`;
  return { ...finding, message: `${finding.message}${mend} [${finding.code}]` };
}

/** What is wrong with an object that cannot be read, or that the API server would refuse. */
const readingRules = diagnosticCodes.map((code) => ({
  id: code,
  title: "the API server would refuse the manifest, or it cannot be read",
  help: "The object is left out of everything that is said about the rest.",
  severity: "error" as const,
}));
