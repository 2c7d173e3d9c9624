import { AddLine } from "./fields/add-line.tsx";
import { Lockable } from "./fields/lockable.tsx";
import { TextField } from "./fields/text-field.tsx";
import { useForm } from "./form-context.ts";
import { checkKey, checkValue } from "./model/checks.ts";
import type { SelectorForm } from "./model/policy-form.ts";
import { addLabel, removeLabel } from "./model/selector-edits.ts";
import type { Path } from "./yaml/field-edit.ts";

export interface SelectorPartProps {
  /** Of the selector. */
  readonly path: Path;
  readonly selector: SelectorForm;
  /** Namespaces whose labels are proposed; "" for namespaces' own. */
  readonly owners: readonly string[];
}

/** The labels that must be there: all of them. */
export function LabelRows({ path, selector, owners }: SelectorPartProps) {
  const { edit, names } = useForm();
  const { labels } = selector;
  const map = [...path, "matchLabels"];
  const keys = names.keysOf(owners).map(({ label }) => label);
  const valuesOf = (key: string) => names.valuesOf(key, owners).map(({ label }) => label);
  const checkNew = (key: string) =>
    labels.some((label) => label.key === key) ? `there is ${key} already` : checkKey(key);
  return (
    <Lockable path={map} className="rows">
      {labels.map(({ key, value }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a label keeps its row while its key is typed
        <Lockable key={at} path={[...map, key]} className="row">
          <TextField
            label={`key of label ${at + 1}`}
            value={key}
            check={(typed) => (typed === key ? checkKey(typed) : checkNew(typed))}
            names={keys}
            edits={(typed) => [{ do: "rename", path: [...map, key], key: typed }]}
          />
          <span aria-hidden="true">=</span>
          <TextField
            label={`value of ${key}`}
            value={value}
            check={checkValue}
            names={valuesOf(key)}
            edits={(typed) => [{ do: "set", path: [...map, key], value: typed }]}
          />
          <button
            type="button"
            className="remove"
            aria-label={`Remove label ${key}`}
            onClick={() => edit(removeLabel(path, selector, key))}
          >
            ✕
          </button>
        </Lockable>
      ))}
      <AddLine
        button="Add label"
        fields={[
          { label: "key of a new label", placeholder: "key", check: checkNew, names: () => keys },
          {
            label: "value of a new label",
            placeholder: "value",
            check: checkValue,
            names: ([key]) => valuesOf(key!),
          },
        ]}
        onAdd={([key, value]) => edit(addLabel(path, key!, value!))}
      />
    </Lockable>
  );
}
