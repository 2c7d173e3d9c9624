import { type Diagnostic, type Finding, printable } from "@portcullis/engine";

export interface ProblemsProps {
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined before anybody looked. */
  readonly findings: readonly Finding[] | undefined;
  /** Whether the draft is newer than what was looked at. */
  readonly behind: boolean;
  readonly onOpen: (file: string, line: number) => void;
  readonly onFix: (finding: Finding) => void;
}

const marks = { error: "✕", warning: "!", info: "i" } as const;

/** What is wrong or odd, over all files; the worst first. */
export function Problems({ diagnostics, findings, behind, onOpen, onFix }: ProblemsProps) {
  const all: readonly (Diagnostic | Finding)[] = [...diagnostics, ...(findings ?? [])];
  const sorted = (["error", "warning", "info"] as const).flatMap((severity) =>
    all.filter((each) => each.severity === severity),
  );
  return (
    <section className="problems" aria-label="Problems" aria-busy={behind}>
      <h2>Problems</h2>
      {sorted.length === 0 && <p className="quiet">{behind ? "Looking …" : "None was found."}</p>}
      <ul>
        {sorted.map((each) => (
          <li key={`${each.code} ${each.range?.file} ${each.range?.start.offset} ${each.message}`}>
            <span aria-hidden="true">{marks[each.severity]}</span>{" "}
            <span className="only-read">{each.severity}: </span>
            {each.range && (
              <button
                type="button"
                className="link"
                onClick={() => onOpen(each.range!.file, each.range!.start.line)}
              >
                {printable(each.range.file)}:{each.range.start.line}
              </button>
            )}{" "}
            {printable(each.message)} <code className="quiet">{each.code}</code>{" "}
            {"fix" in each && each.fix && (
              <button type="button" onClick={() => onFix(each)}>
                {each.fix.title}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
