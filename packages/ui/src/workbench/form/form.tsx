import { type KeyboardEvent, useCallback, useMemo, useState } from "react";
import type { Vocabulary } from "../../engine/protocol.ts";
import { Names } from "../proposals.ts";
import type { AskSelected } from "../selector-hover.ts";
import { FormContext, type FormWorks } from "./form-context.ts";
import { type FoundPolicy, policyAt } from "./model/policy-at.ts";
import { readPolicy } from "./model/read-policy.ts";
import { writePolicy } from "./model/write-policy.ts";
import { NoPolicy } from "./no-policy.tsx";
import { PolicyFields } from "./policy-fields.tsx";
import { useKeptFocus } from "./use-kept-focus.ts";
import { valueAt } from "./yaml/edited-value.ts";
import type { FieldEdit, Path, Plain } from "./yaml/field-edit.ts";
import { lineNumber } from "./yaml/lines.ts";
import type { TextChange } from "./yaml/text-change.ts";
import "./form.css";

export interface FormProps {
  readonly text: string;
  /** Of the cursor, in UTF-16 code units of the text. */
  readonly offset: number;
  readonly vocabulary: Vocabulary | undefined;
  /** Whom the selector at a path of the policy at an offset picks; a new function for each newer draft. */
  readonly askSelected: AskSelected;
  /** Changes the text; false when the editor has another one by now. */
  readonly onChange: (change: TextChange) => boolean;
  readonly onGo: (line: number) => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
}

/** The policy that the cursor is in, as a form. What is done here is done in the YAML, and the other way round. */
export default function Form(props: FormProps) {
  const { text, offset, onGo, onUndo, onRedo } = props;
  const found = useMemo(() => policyAt(text, offset), [text, offset]);
  const keepFocus = useKeptFocus();

  function key(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const letter = event.key.toLowerCase();
    if (letter !== "z" && letter !== "y") return;
    event.preventDefault();
    if (letter === "y" || event.shiftKey) onRedo();
    else onUndo();
  }
  return (
    <section className="policy-form" aria-label="Form" onKeyDown={key} onFocus={keepFocus}>
      <header>
        <h2>Form</h2>
        <button type="button" onClick={onUndo}>
          Undo
        </button>
        <button type="button" onClick={onRedo}>
          Redo
        </button>
      </header>
      {found.found === "policy" ? (
        // What was begun for one policy is nothing to another.
        <FoundForm key={`${found.start} ${found.base.join(".")}`} {...props} found={found} />
      ) : (
        <NoPolicy at={found} onGo={onGo} />
      )}
    </section>
  );
}

const noVocabulary: Vocabulary = { namespaces: [], labels: {}, portNames: [] };

function FoundForm({
  text,
  vocabulary,
  askSelected,
  onChange,
  found,
}: FormProps & { readonly found: FoundPolicy }) {
  const { form, locks, kept } = useMemo(
    () => readPolicy(found, lineNumber(text, found.start)),
    [found, text],
  );
  const [problem, setProblem] = useState("");
  const { namespace } = form;
  const edit = useCallback(
    (edits: readonly FieldEdit[]) => {
      const written = writePolicy(found, locks, edits);
      const said =
        "problem" in written
          ? written.problem
          : onChange(written.change)
            ? undefined
            : "The text is another one by now; try again.";
      setProblem(said ?? "");
      return said;
    },
    [found, locks, onChange],
  );
  const { offset } = found;
  const askPicked = useCallback((path: Path) => askSelected(offset, path), [askSelected, offset]);
  const works: FormWorks = useMemo(
    () => ({
      edit,
      askPicked,
      locks,
      names: new Names(vocabulary ?? noVocabulary, namespace || "default"),
      namespace: namespace || "default",
      valueAt: (path: Path) => valueAt(found.policy, path) as Plain,
    }),
    [edit, askPicked, locks, vocabulary, namespace, found],
  );
  return (
    <FormContext value={works}>
      <p role="status" className="complaint">
        {problem}
      </p>
      <PolicyFields form={form} />
      {kept.length > 0 && (
        <p className="quiet">
          Kept as it is, and not shown here:{" "}
          {kept.map((path, at) => (
            <span key={path}>
              {at > 0 && ", "}
              <code>{path}</code>
            </span>
          ))}
          .
        </p>
      )}
    </FormContext>
  );
}
