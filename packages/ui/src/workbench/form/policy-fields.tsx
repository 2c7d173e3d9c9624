import { DirectionRules } from "./direction-rules.tsx";
import { Lockable } from "./fields/lockable.tsx";
import { TextField } from "./fields/text-field.tsx";
import { useForm } from "./form-context.ts";
import { checkName, checkNamespace } from "./model/checks.ts";
import type { PolicyForm } from "./model/policy-form.ts";
import { subjectWords } from "./model/words.ts";
import { Picked } from "./picked.tsx";
import { PolicyTypes } from "./policy-types.tsx";
import { SelectorFields } from "./selector-fields.tsx";
import type { FieldEdit } from "./yaml/field-edit.ts";

/** Every field of a policy, from its name to its last port. */
export function PolicyFields({ form }: { readonly form: PolicyForm }) {
  const { names } = useForm();
  return (
    <Lockable path={[]} className="policy">
      <Lockable path={["metadata"]} title="Policy" className="row">
        <span>name</span>
        <TextField
          path={["metadata", "name"]}
          label="name of the policy"
          value={form.name}
          check={checkName}
          edits={(typed) => [{ do: "set", path: ["metadata", "name"], value: typed }]}
        />
        <span>namespace</span>
        <TextField
          path={["metadata", "namespace"]}
          label="namespace of the policy"
          value={form.namespace}
          check={checkNamespace}
          names={names.namespaces().map(({ label }) => label)}
          edits={setNamespace}
        />
      </Lockable>
      <Lockable path={["spec"]} className="spec">
        <p className="words">{subjectWords(form)}</p>
        <Picked path={["spec", "podSelector"]} />
        <SelectorFields
          path={["spec", "podSelector"]}
          selector={form.podSelector}
          owners={names.podOwners()}
          title={
            form.podSelector.labels.length + form.podSelector.expressions.length === 0
              ? "Pods that it is about: every pod of the namespace"
              : "Pods that it is about"
          }
        />
        <PolicyTypes policyTypes={form.policyTypes} />
        <DirectionRules form={form} direction="ingress" />
        <DirectionRules form={form} direction="egress" />
      </Lockable>
    </Lockable>
  );
}

function setNamespace(typed: string): readonly FieldEdit[] {
  const path = ["metadata", "namespace"];
  return [typed === "" ? { do: "remove", path } : { do: "set", path, value: typed }];
}
