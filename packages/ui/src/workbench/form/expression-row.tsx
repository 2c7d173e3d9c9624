import { useState } from "react";
import { Lockable } from "./fields/lockable.tsx";
import { TextField } from "./fields/text-field.tsx";
import { TextList } from "./fields/text-list.tsx";
import { useForm, useLock } from "./form-context.ts";
import { checkKey, checkValue } from "./model/checks.ts";
import { type ExpressionForm, operators, takesValues } from "./model/policy-form.ts";
import { setOperator } from "./model/selector-edits.ts";
import type { Path } from "./yaml/field-edit.ts";

export interface ExpressionRowProps {
  readonly path: Path;
  readonly expression: ExpressionForm;
  readonly owners: readonly string[];
  readonly onRemove: () => void;
}

/** A key, an operator and its values. An operator that needs values is written with the first of them. */
export function ExpressionRow({ path, expression, owners, onRemove }: ExpressionRowProps) {
  const { edit, names } = useForm();
  const { key, operator, values } = expression;
  const [wanted, setWanted] = useState(operator);
  const [known, setKnown] = useState(operator);
  if (known !== operator) {
    setKnown(operator);
    setWanted(operator);
  }
  const isLocked = useLock([...path, "operator"]) !== undefined;
  const waits = wanted !== operator;

  function choose(word: string): void {
    setWanted(word);
    if (!takesValues(word) || values.length > 0) edit(setOperator(path, expression, word));
  }
  return (
    <Lockable path={path} className="row expression">
      <TextField
        path={[...path, "key"]}
        label="key"
        value={key}
        check={checkKey}
        names={names.keysOf(owners).map(({ label }) => label)}
        edits={(typed) => [{ do: "set", path: [...path, "key"], value: typed }]}
      />
      <select
        aria-label={`operator for ${key}`}
        value={wanted}
        disabled={isLocked}
        onChange={({ target }) => choose(target.value)}
      >
        {(operators as readonly string[]).includes(wanted) ? null : <option>{wanted}</option>}
        {operators.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      {takesValues(wanted) && (
        <TextList
          path={[...path, "values"]}
          texts={values}
          what="value"
          check={checkValue}
          names={names.valuesOf(key, owners).map(({ label }) => label)}
          mayBeEmpty={false}
          {...(waits && { onAdd: (text: string) => setOperator(path, expression, wanted, [text]) })}
        />
      )}
      <button
        type="button"
        className="remove"
        aria-label={`Remove the expression about ${key}`}
        onClick={onRemove}
      >
        ✕
      </button>
      {waits && (
        <span className="complaint" role="status">
          {wanted} needs a value (not written yet)
        </span>
      )}
    </Lockable>
  );
}
