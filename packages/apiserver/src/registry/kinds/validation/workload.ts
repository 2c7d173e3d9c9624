import { matchesSelector, validateLabelSelector } from "@portcullis/engine";
import type { ApiObject } from "../../../api-object.ts";
import { asRecord, asString, isRecord, sameJson } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { forbidden, invalid, notSupported, required } from "./field-errors.ts";
import { podSpecErrors } from "./pod-spec.ts";
import { isSelectorEmpty, selectorOf } from "./selector.ts";

/**
 * What a Deployment, a ReplicaSet, a StatefulSet or a DaemonSet must have besides what the engine asks for: a selector
 * that is not empty and matches the template's labels, and a template of pods that run on.
 */
export function workloadErrors(value: unknown, kind: string): readonly FieldError[] {
  const spec = asRecord(asRecord(value).spec);
  return [...selectorErrors(spec, kind), ...templateErrors(spec)];
}

function selectorErrors(spec: Readonly<Record<string, unknown>>, kind: string): readonly FieldError[] {
  if (!isRecord(spec.selector)) return [required("spec.selector"), ...mismatch(spec)];
  const errors = validateLabelSelector(spec.selector, ["spec", "selector"]);
  if (errors.length > 0) return errors;
  if (isSelectorEmpty(spec.selector)) {
    return [invalid("spec.selector", spec.selector, `empty selector is invalid for ${kind}`)];
  }
  return mismatch(spec);
}

/** No selector is one that matches nothing. */
function mismatch({ selector, template }: Readonly<Record<string, unknown>>): readonly FieldError[] {
  const labels = asRecord(asRecord(asRecord(template).metadata).labels);
  const matches =
    isRecord(selector) && matchesSelector(selectorOf(selector), labels as Record<string, string>);
  const detail = "`selector` does not match template `labels`";
  return matches ? [] : [invalid("spec.template.metadata.labels", labels, detail)];
}

function templateErrors(spec: Readonly<Record<string, unknown>>): readonly FieldError[] {
  const path = "spec.template.spec";
  const podSpec = asRecord(asRecord(spec.template).spec);
  const { activeDeadlineSeconds } = podSpec;
  const errors = [...podSpecErrors(podSpec, path)];
  // One that no pod may have has been told already.
  if (["OnFailure", "Never"].includes(asString(podSpec.restartPolicy))) {
    errors.push(notSupported(`${path}.restartPolicy`, podSpec.restartPolicy, ["Always"]));
  }
  if (activeDeadlineSeconds !== undefined && activeDeadlineSeconds !== null) {
    const why = "activeDeadlineSeconds in ReplicaSet is not Supported";
    errors.push(forbidden(`${path}.activeDeadlineSeconds`, why));
  }
  return errors;
}

/** The selector of a workload stays what it was. */
export function selectorUnchanged(object: ApiObject, old: ApiObject): readonly FieldError[] {
  return unchanged(object, old, "selector");
}

/** A field of the spec that stays what it was. */
export function unchanged(object: ApiObject, old: ApiObject, field: string): readonly FieldError[] {
  const [value, before] = [asRecord(object.spec)[field], asRecord(old.spec)[field]];
  return sameJson(value, before) ? [] : [invalid(`spec.${field}`, value ?? null, "field is immutable")];
}
