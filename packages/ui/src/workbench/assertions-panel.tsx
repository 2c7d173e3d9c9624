import type { JudgedPromise } from "../engine/judge-assertions.ts";
import { StatusLine } from "./status-line.tsx";

export interface AssertionsPanelProps {
  /** Undefined before any was judged. */
  readonly assertions: readonly JudgedPromise[] | undefined;
  /** Whether the draft is newer than what was judged. */
  readonly behind: boolean;
  readonly onOpen: (file: string, line: number) => void;
  readonly onAdd: () => void;
}

const marks = { pass: "✓", fail: "✕", error: "!" } as const;
const words = { pass: "holds", fail: "does not hold", error: "cannot be asked" } as const;

/** What the files promise (kind: Assertions), and whether the draft keeps it. */
export function AssertionsPanel({ assertions, behind, onOpen, onAdd }: AssertionsPanelProps) {
  return (
    <section className="assertions" aria-label="Assertions">
      <h2>Assertions</h2>
      <StatusLine doing={behind ? "Judging the draft" : undefined}>
        {assertions && assertionsText(assertions)}
      </StatusLine>
      {assertions?.length === 0 && (
        <button type="button" onClick={onAdd}>
          Begin a file of assertions
        </button>
      )}
      <ul>
        {assertions?.map(({ name, status, message, file, line }) => (
          <li key={`${file} ${line}`} className={status}>
            <span aria-hidden="true">{marks[status]}</span>{" "}
            <span className="only-read">{words[status]}: </span>
            {name}{" "}
            <button type="button" className="link" onClick={() => onOpen(file, line)}>
              {file}:{line}
            </button>
            {message !== "" && <p>{message}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function assertionsText(assertions: readonly JudgedPromise[]): string {
  if (assertions.length === 0)
    return "None is written yet: promises that turn red when a draft breaks them, and that the command test keeps.";
  const broken = assertions.filter(({ status }) => status !== "pass").length;
  if (broken === 0) return `All ${assertions.length} hold.`;
  return `${broken} of ${assertions.length} ${broken === 1 ? "does" : "do"} not hold.`;
}
