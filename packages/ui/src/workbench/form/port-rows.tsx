import { AddLine } from "./fields/add-line.tsx";
import { Lockable } from "./fields/lockable.tsx";
import { useForm } from "./form-context.ts";
import { checkEndPort, checkPort } from "./model/checks.ts";
import type { RuleForm } from "./model/policy-form.ts";
import { addPort, isNumber, removePort } from "./model/rule-edits.ts";
import { PortRow, protocols } from "./port-row.tsx";
import type { Path } from "./yaml/field-edit.ts";

/** The ports of a rule: any one of them. */
export function PortRows({ path, rule }: { readonly path: Path; readonly rule: RuleForm }) {
  const { edit, names } = useForm();
  const list = [...path, "ports"];
  const { ports } = rule;
  return (
    <Lockable
      path={list}
      title={ports.length === 0 ? "On any port" : "On any of these ports"}
      className="rows"
    >
      {ports.map((port, at) => (
        <PortRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a port keeps its row while its number is typed
          key={at}
          path={[...list, at]}
          port={port}
          at={at}
          alone={ports.length === 1}
          onRemove={() => edit(removePort(path, rule, at))}
        />
      ))}
      <AddLine
        button="Add port"
        fields={[
          { label: "protocol of a new port", choices: protocols },
          {
            label: "number or name of a new port",
            placeholder: "80 or http",
            className: "short",
            check: checkPort,
            names: () => names.ports().map(({ label }) => label),
          },
          {
            label: "last of a new range",
            placeholder: "to",
            className: "short",
            check: (text, [, port]) => checkEndPort(port!)(text),
            when: ([, port]) => isNumber(port!),
          },
        ]}
        onAdd={([protocol, port, endPort]) =>
          edit(addPort(path, { protocol: protocol!, port: port!, endPort: isNumber(port!) ? endPort! : "" }))
        }
      />
    </Lockable>
  );
}
