import { type FormEvent, type KeyboardEvent, useId, useRef, useState } from "react";
import type { Check } from "../model/checks.ts";
import { NameList } from "./name-list.tsx";

/** One thing to be said of what is added. */
interface AddedField {
  readonly label: string;
  readonly placeholder?: string;
  /** Of its text and of all; undefined when it is fine. */
  readonly check?: (text: string, texts: readonly string[]) => ReturnType<Check>;
  readonly names?: (texts: readonly string[]) => readonly string[];
  /** A choice of these words and no others. */
  readonly choices?: readonly string[];
  /** Whether it is asked at all. */
  readonly when?: (texts: readonly string[]) => boolean;
  readonly className?: string;
}

export interface AddLineProps {
  readonly button: string;
  readonly fields: readonly AddedField[];
  /** Adds it, or gives why not. */
  readonly onAdd: (texts: readonly string[]) => string | undefined;
}

/** A line that is filled in before anything is written, because half of it would be wrong. Enter adds it. */
export function AddLine({ button, fields, onAdd }: AddLineProps) {
  const empty = fields.map(({ choices }) => choices?.[0] ?? "");
  const [texts, setTexts] = useState<readonly string[]>(empty);
  const [complaint, setComplaint] = useState<string>();
  const line = useRef<HTMLFormElement>(null);
  const id = useId();

  function focus(at: number): void {
    line.current?.querySelectorAll<HTMLElement>("input, select")[at]?.focus();
  }
  function add(event: FormEvent): void {
    event.preventDefault();
    const shown = fields.filter(({ when }) => when?.(texts) ?? true);
    for (const [at, { check, when, label }] of fields.entries()) {
      const said = (when?.(texts) ?? true) ? check?.(texts[at]!, texts) : undefined;
      if (said === undefined) continue;
      setComplaint(`${label}: ${said}`);
      focus(shown.indexOf(fields[at]!));
      return;
    }
    const refused = onAdd(texts);
    setComplaint(refused);
    if (refused !== undefined) return;
    setTexts(empty);
    focus(0);
  }
  return (
    <form className="add-line" ref={line} onSubmit={add} onKeyDown={keepUndo}>
      {fields.map(({ label, placeholder, names, choices, when, className }, at) => {
        if (when?.(texts) === false) return null;
        const change = (text: string) => setTexts(texts.with(at, text));
        if (choices !== undefined) {
          return (
            <select
              key={label}
              aria-label={label}
              value={texts[at]}
              onChange={({ target }) => change(target.value)}
            >
              {choices.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          );
        }
        return (
          <span key={label} className={`text-field ${className ?? ""}`}>
            <input
              aria-label={label}
              value={texts[at]}
              placeholder={placeholder}
              list={names && `${id}${at}`}
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => change(target.value)}
            />
            {names && <NameList id={`${id}${at}`} names={names(texts)} />}
          </span>
        );
      })}
      <button type="submit">{button}</button>
      <span role="status" className="complaint">
        {complaint}
      </span>
    </form>
  );
}

/** What is typed here is not in the YAML yet: the browser takes it back, not the editor. */
function keepUndo(event: KeyboardEvent): void {
  if ((event.ctrlKey || event.metaKey) && /^[zy]$/i.test(event.key)) event.stopPropagation();
}
