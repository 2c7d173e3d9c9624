import type { Diagnostic as EditorDiagnostic } from "@codemirror/lint";
import type { Diagnostic, Finding } from "@portcullis/engine";

/** What the engine says of one file, where the editor shows it. */
export function editorDiagnostics(
  file: string,
  length: number,
  diagnostics: readonly Diagnostic[],
  findings: readonly Finding[],
  onFix: (finding: Finding) => void,
): EditorDiagnostic[] {
  const place = ({ range }: Diagnostic | Finding) => ({
    from: Math.min(range!.start.offset, length),
    to: Math.min(Math.max(range!.end.offset, range!.start.offset + 1), length),
  });
  const inFile = ({ range }: Diagnostic | Finding) => range?.file === file;
  return [
    ...diagnostics.filter(inFile).map((each) => ({
      ...place(each),
      severity: each.severity,
      message: each.path === "" ? each.message : `${each.path}: ${each.message}`,
    })),
    ...findings.filter(inFile).map((each) => ({
      ...place(each),
      severity: each.severity,
      source: each.code,
      message: each.message,
      ...(each.fix && { actions: [{ name: each.fix.title, apply: () => onFix(each) }] }),
    })),
  ].sort((a, b) => a.from - b.from);
}
