import { ExpressionRow } from "./expression-row.tsx";
import { AddLine } from "./fields/add-line.tsx";
import { Lockable } from "./fields/lockable.tsx";
import { useForm } from "./form-context.ts";
import { LabelRows, type SelectorPartProps } from "./label-rows.tsx";
import { checkKey, checkValue } from "./model/checks.ts";
import { operators, takesValues } from "./model/policy-form.ts";
import { addExpression, removeExpression } from "./model/selector-edits.ts";

/** A label selector: labels, and expressions for what labels cannot say. All of it must hold. */
export function SelectorFields({
  path,
  selector,
  owners,
  title,
}: SelectorPartProps & { readonly title: string }) {
  const { edit, names } = useForm();
  const list = [...path, "matchExpressions"];
  const keys = names.keysOf(owners).map(({ label }) => label);
  const needsValue = ([, operator]: readonly string[]) => takesValues(operator!);
  return (
    <Lockable path={path} title={title} className="selector">
      <LabelRows path={path} selector={selector} owners={owners} />
      <details open={selector.expressions.length > 0}>
        <summary>Expressions: In, NotIn, Exists, DoesNotExist</summary>
        <Lockable path={list} className="rows">
          {selector.expressions.map((expression, at) => (
            <ExpressionRow
              // biome-ignore lint/suspicious/noArrayIndexKey: an expression keeps its row while its key is typed
              key={at}
              path={[...list, at]}
              expression={expression}
              owners={owners}
              onRemove={() => edit(removeExpression(path, selector, at))}
            />
          ))}
          <AddLine
            button="Add expression"
            fields={[
              { label: "key of a new expression", placeholder: "key", check: checkKey, names: () => keys },
              { label: "operator of a new expression", choices: operators },
              {
                label: "value of a new expression",
                placeholder: "value",
                check: checkValue,
                names: ([key]) => names.valuesOf(key!, owners).map(({ label }) => label),
                when: needsValue,
              },
            ]}
            onAdd={([key, operator, value]) =>
              edit(addExpression(path, { key: key!, operator: operator!, values: [value!] }))
            }
          />
        </Lockable>
      </details>
    </Lockable>
  );
}
