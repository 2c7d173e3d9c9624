import { useEffect, useState } from "react";
import { useSession, useWorkspace } from "../state/context.ts";
import { type Changes, changesOf } from "./changes.ts";
import { ChangesTable } from "./changes-table.tsx";
import { changesText } from "./changes-text.ts";
import { freeName } from "./free-name.ts";
import { fromTemplate, templates } from "./templates.ts";

/** Rows of an effect that are shown before it is inserted. */
const previewedRows = 20;

/** Policies that many need, with what each would change, before it is a file of the draft. */
export function TemplatesPanel({ onOpen }: { readonly onOpen: (file: string) => void }) {
  const { session } = useWorkspace();
  const { loaded, files } = useSession();
  const namespaces = loaded?.vocabulary.namespaces ?? [];
  const [title, setTitle] = useState("");
  const [namespace, setNamespace] = useState("");
  const [other, setOther] = useState("");
  const template = templates.find((each) => each.title === title);
  const own = namespaces.includes(namespace) ? namespace : (namespaces[0] ?? "default");
  const second = namespaces.includes(other) ? other : (namespaces.find((each) => each !== own) ?? own);
  const taken = usePolicies();
  const made = template && fromTemplate(template, own, second, taken);
  const effect = useEffectOf(made);

  function insert(): void {
    if (made === undefined) return;
    const file = freeName(made.file, files);
    session.edit(file, made.text);
    setTitle("");
    onOpen(file);
  }

  return (
    <details className="templates">
      <summary>Templates</summary>
      <p className="choices">
        <label>
          Template{" "}
          <select value={title} onChange={({ target }) => setTitle(target.value)}>
            <option value="">choose one …</option>
            {templates.map((each) => (
              <option key={each.title}>{each.title}</option>
            ))}
          </select>
        </label>{" "}
        <NamespaceChoice label="for namespace" names={namespaces} value={own} onChange={setNamespace} />{" "}
        {template?.other === true && (
          <NamespaceChoice label="and namespace" names={namespaces} value={second} onChange={setOther} />
        )}
      </p>
      {template && made && (
        <>
          <p>{template.says}</p>
          <pre>{made.text}</pre>
          <p role="status" aria-busy={effect === undefined}>
            {effect === undefined ? "asking what it would change …" : `If inserted: ${changesText(effect)}`}
          </p>
          {effect && effect.list.length > 0 && <ChangesTable list={effect.list.slice(0, previewedRows)} />}
          {effect && effect.list.length > previewedRows && <p className="quiet">and more</p>}
          <p>
            <button type="button" onClick={insert}>
              Insert as {made.file}
            </button>
          </p>
        </>
      )}
    </details>
  );
}

interface NamespaceChoiceProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly value: string;
  readonly onChange: (name: string) => void;
}

function NamespaceChoice({ label, names, value, onChange }: NamespaceChoiceProps) {
  return (
    <label>
      {label}{" "}
      <select value={value} onChange={({ target }) => onChange(target.value)}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

/** Names that a template must not take. */
function usePolicies(): ReadonlySet<string> {
  const { session } = useWorkspace();
  const { draft } = useSession();
  const [policies, setPolicies] = useState<ReadonlySet<string>>(new Set());
  // biome-ignore lint/correctness/useExhaustiveDependencies: another draft may have other policies
  useEffect(() => {
    let current = true;
    void session.engine.policies("draft").then((names) => {
      if (current) setPolicies(new Set(names));
    });
    return () => {
      current = false;
    };
  }, [session, draft]);
  return policies;
}

/** What the draft would change with one more file; undefined while the engine is asked. */
function useEffectOf(made: ReturnType<typeof fromTemplate> | undefined): Changes | undefined {
  const { session } = useWorkspace();
  const { draft } = useSession();
  const [effect, setEffect] = useState<Changes>();
  const { file, text } = made ?? { file: "", text: "" };
  useEffect(() => {
    setEffect(undefined);
    if (draft === undefined || text === "") return;
    let current = true;
    // The engine's answer is about the draft of its moment: an edit in between asks again.
    void session.engine.whatIf(file, text, session.ports).then((picture) => {
      if (current) setEffect(changesOf(draft, picture));
    });
    return () => {
      current = false;
    };
  }, [session, draft, file, text]);
  return effect;
}
