import { Lockable } from "./fields/lockable.tsx";
import { useForm } from "./form-context.ts";
import { type Direction, directions, type PolicyTypesForm } from "./model/policy-form.ts";

const types = { ingress: "Ingress", egress: "Egress" } as const;
const path = ["spec", "policyTypes"];

/** The directions that the policy limits: one at least. */
export function PolicyTypes({ policyTypes }: { readonly policyTypes: PolicyTypesForm }) {
  const { edit } = useForm();

  function toggle(direction: Direction): void {
    const wanted = directions.filter((each) => (each === direction) !== policyTypes[each]);
    edit([{ do: "set", path, value: wanted.map((each) => types[each]) }]);
  }
  return (
    <Lockable path={path} title="Directions that it limits" className="row">
      {directions.map((direction) => {
        const only = directions.every((each) => policyTypes[each] === (each === direction));
        return (
          <label key={direction}>
            <input
              type="checkbox"
              checked={policyTypes[direction]}
              disabled={only}
              onChange={() => toggle(direction)}
            />{" "}
            {types[direction]}
          </label>
        );
      })}
      {!policyTypes.written && <span className="quiet">not written: this is the API's default</span>}
    </Lockable>
  );
}
