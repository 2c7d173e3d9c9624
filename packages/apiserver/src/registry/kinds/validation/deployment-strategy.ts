import { asRecord, isRecord } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { choiceErrors } from "./choice.ts";
import { forbidden, invalid } from "./field-errors.ts";
import { countErrors } from "./numbers.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with how a Deployment replaces its pods. */
export function strategyErrors(spec: Fields): readonly FieldError[] {
  const strategy = asRecord(spec.strategy);
  const path = "spec.strategy";
  const { type, rollingUpdate } = strategy;
  const errors = [
    ...countErrors(spec, "spec", ["minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"]),
    ...choiceErrors(strategy, path, { type: ["Recreate", "RollingUpdate"] }),
  ];
  if (type === "Recreate") {
    const why = "may not be specified when strategy `type` is 'Recreate'";
    if (isRecord(rollingUpdate)) errors.push(forbidden(`${path}.rollingUpdate`, why));
  } else {
    errors.push(...rollingErrors(asRecord(rollingUpdate), `${path}.rollingUpdate`));
  }
  const [ready, deadline] = [spec.minReadySeconds ?? 0, spec.progressDeadlineSeconds ?? 600];
  if (typeof ready === "number" && typeof deadline === "number" && deadline <= ready) {
    errors.push(invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"));
  }
  return errors;
}

function rollingErrors(rolling: Fields, path: string): readonly FieldError[] {
  const maxSurge = rolling.maxSurge ?? "25%";
  const maxUnavailable = rolling.maxUnavailable ?? "25%";
  const errors = [
    ...shareErrors(maxUnavailable, `${path}.maxUnavailable`),
    ...shareErrors(maxSurge, `${path}.maxSurge`),
  ];
  if (isZero(maxSurge) && isZero(maxUnavailable)) {
    errors.push(invalid(`${path}.maxUnavailable`, maxUnavailable, "may not be 0 when `maxSurge` is 0"));
  }
  return errors;
}

/** A number of pods, or a percentage of all. */
export function shareErrors(share: unknown, path: string): readonly FieldError[] {
  if (typeof share === "number") {
    return share < 0 ? [invalid(path, share, "must be greater than or equal to 0")] : [];
  }
  if (typeof share === "string" && /^[0-9]+%$/.test(share)) return [];
  const rule = "a valid percent string must be a numeric string followed by an ending '%'";
  return [invalid(path, share, `${rule} (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')`)];
}

function isZero(share: unknown): boolean {
  return share === 0 || (typeof share === "string" && /^0+%$/.test(share));
}
