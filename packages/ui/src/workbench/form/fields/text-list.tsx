import { useForm } from "../form-context.ts";
import type { Check } from "../model/checks.ts";
import type { FieldEdit, Path } from "../yaml/field-edit.ts";
import { AddLine } from "./add-line.tsx";
import { Lockable } from "./lockable.tsx";
import { TextField } from "./text-field.tsx";

export interface TextListProps {
  /** Of the list. */
  readonly path: Path;
  readonly texts: readonly string[];
  /** What one of them is: `value`. */
  readonly what: string;
  readonly check: Check;
  readonly names?: readonly string[];
  readonly placeholder?: string;
  /** Whether the list may go with its last text; otherwise that one stays. */
  readonly mayBeEmpty: boolean;
  /** What adding one does, when it is more than that. */
  readonly onAdd?: (text: string) => readonly FieldEdit[];
}

/** Texts one after the other, such as the values of an expression. */
export function TextList(props: TextListProps) {
  const { path, texts, what, check, names, placeholder, mayBeEmpty } = props;
  const { onAdd = (text: string) => [{ do: "add", path, value: text }] as const } = props;
  const { edit } = useForm();
  const isNew: Check = (text) =>
    texts.includes(text) ? `there is ${text || "an empty one"} already` : check(text);
  return (
    <Lockable path={path} className="text-list">
      {texts.map((text, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: its place is what a text is known by while it is edited
        <span key={at} className="removable">
          <TextField
            path={[...path, at]}
            label={`${what} ${at + 1}`}
            value={text}
            check={check}
            {...(names && { names })}
            edits={(typed) => [{ do: "set", path: [...path, at], value: typed }]}
          />
          {(mayBeEmpty || texts.length > 1) && (
            <button
              type="button"
              className="remove"
              aria-label={`Remove ${what} ${text}`}
              onClick={() => edit([{ do: "remove", path: texts.length === 1 ? path : [...path, at] }])}
            >
              ✕
            </button>
          )}
        </span>
      ))}
      <AddLine
        button={`Add ${what}`}
        fields={[
          {
            label: `new ${what}`,
            check: isNew,
            ...(placeholder !== undefined && { placeholder }),
            ...(names && { names: () => names.filter((name) => !texts.includes(name)) }),
          },
        ]}
        onAdd={([text]) => edit(onAdd(text!))}
      />
    </Lockable>
  );
}
