import { type KeyboardEvent, useId, useState } from "react";
import { useForm, useLock } from "../form-context.ts";
import type { Check } from "../model/checks.ts";
import type { FieldEdit, Path } from "../yaml/field-edit.ts";
import { NameList } from "./name-list.tsx";

export interface TextFieldProps {
  /** Where it stands, if it may be locked apart from what it is in. */
  readonly path?: Path;
  readonly label: string;
  readonly value: string;
  readonly check: Check;
  /** What writes a text that passes the check. */
  readonly edits: (text: string) => readonly FieldEdit[];
  readonly names?: readonly string[];
  readonly placeholder?: string;
  readonly className?: string;
}

/**
 * A text of the policy. It is written while it is typed; what the API would refuse is not, and it is said why. Esc goes
 * back to what is written.
 */
export function TextField(props: TextFieldProps) {
  const { path, label, value, check, edits, names, placeholder, className } = props;
  const { edit } = useForm();
  const why = useLock(path);
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  const [refused, setRefused] = useState<string>();
  const [focused, setFocused] = useState(false);
  const id = useId();
  // The YAML was edited elsewhere, or says now what was typed.
  if (known !== value) {
    setKnown(value);
    setTyped(value);
    setRefused(undefined);
  }
  const complaint = check(typed) ?? refused;
  const said = why ?? (complaint && `${complaint}${typed === value ? "" : " (not written yet)"}`);

  function type(text: string): void {
    setTyped(text);
    setRefused(text === value || check(text) !== undefined ? undefined : edit(edits(text)));
  }
  function key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || typed === value) return;
    event.stopPropagation();
    type(value);
  }
  return (
    <span className={`text-field ${className ?? ""}`}>
      <input
        aria-label={label}
        value={typed}
        disabled={why !== undefined}
        aria-invalid={complaint !== undefined}
        aria-describedby={said === undefined ? undefined : `${id}said`}
        list={focused && names !== undefined ? `${id}names` : undefined}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => type(target.value)}
        onKeyDown={key}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
      />
      {focused && names && <NameList id={`${id}names`} names={names} />}
      {said !== undefined && (
        <span className="complaint" id={`${id}said`} role="status">
          {said}
        </span>
      )}
    </span>
  );
}
