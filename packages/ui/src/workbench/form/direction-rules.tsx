import { Lockable } from "./fields/lockable.tsx";
import { useForm } from "./form-context.ts";
import type { Direction, PolicyForm } from "./model/policy-form.ts";
import { addRule } from "./model/rule-edits.ts";
import { directionWords } from "./model/words.ts";
import { RuleCard } from "./rule-card.tsx";

const titles = {
  ingress: "Ingress: who may connect to them",
  egress: "Egress: whom they may connect to",
} as const;

/** The rules of one direction: any one of them is enough. */
export function DirectionRules({
  form,
  direction,
}: {
  readonly form: PolicyForm;
  readonly direction: Direction;
}) {
  const { edit } = useForm();
  const words = directionWords(form, direction);
  return (
    <Lockable path={["spec", direction]} title={titles[direction]} className="direction">
      {words !== "" && <p className="words">{words}</p>}
      {form[direction].map((rule, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rule keeps its card while it is edited
        <RuleCard key={at} direction={direction} at={at} rule={rule} />
      ))}
      <p>
        <button type="button" onClick={() => edit(addRule(direction))}>
          Add {direction} rule
        </button>
      </p>
    </Lockable>
  );
}
