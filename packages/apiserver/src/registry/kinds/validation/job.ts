import { asRecord, asString } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { choiceErrors } from "./choice.ts";
import { required } from "./field-errors.ts";
import { countErrors } from "./numbers.ts";
import { podSpecErrors } from "./pod-spec.ts";

/** What is wrong with a JobSpec, besides what the engine looks at. Its pods must end, so they do not restart always. */
export function jobErrors(spec: Readonly<Record<string, unknown>>, path: string): readonly FieldError[] {
  const podSpec = asRecord(asRecord(spec.template).spec);
  const errors = [
    ...countErrors(spec, path, [
      "completions",
      "activeDeadlineSeconds",
      "backoffLimit",
      "ttlSecondsAfterFinished",
    ]),
    ...choiceErrors(spec, path, { completionMode: ["NonIndexed", "Indexed"] }),
    ...podSpecErrors(podSpec, `${path}.template.spec`),
  ];
  if (spec.completionMode === "Indexed" && (spec.completions ?? null) === null) {
    errors.push(required(`${path}.completions`, "when completion mode is Indexed"));
  }
  const policy = asString(podSpec.restartPolicy);
  if (policy !== "OnFailure" && policy !== "Never") {
    errors.push(required(`${path}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'));
  }
  return errors;
}
