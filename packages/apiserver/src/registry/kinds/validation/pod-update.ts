import type { ApiObject } from "../../../api-object.ts";
import { asList, asRecord, asString, sameJson } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { forbidden } from "./field-errors.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Most of a pod stays what it was: containers that run are not changed under way. */
export function podUpdateErrors(pod: ApiObject, old: ApiObject): readonly FieldError[] {
  const [spec, oldSpec] = [asRecord(pod.spec), asRecord(old.spec)];
  // A node name may be given once, which is how a scheduler binds.
  const bound = asString(oldSpec.nodeName) !== "";
  if (sameJson(fixedPart(spec, bound), fixedPart(oldSpec, bound))) return tolerationErrors(spec, oldSpec);
  const why =
    "pod updates may not change fields other than `spec.containers[*].image`," +
    "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing " +
    "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
  return [forbidden("spec", why)];
}

/** Tolerations come and stay; only for how long may change. */
function tolerationErrors(spec: Fields, old: Fields): readonly FieldError[] {
  const bare = (list: unknown) =>
    asList(list).map((each) => ({ ...asRecord(each), tolerationSeconds: undefined }));
  const present = bare(spec.tolerations);
  if (bare(old.tolerations).every((each) => present.some((other) => sameJson(each, other)))) return [];
  return [
    forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds"),
  ];
}

function fixedPart(spec: Fields, bound: boolean): unknown {
  const withoutImages = (list: unknown) =>
    Array.isArray(list) ? list.map((each: unknown) => ({ ...asRecord(each), image: "" })) : undefined;
  return {
    ...spec,
    nodeName: bound ? spec.nodeName : undefined,
    containers: withoutImages(spec.containers),
    initContainers: withoutImages(spec.initContainers),
    activeDeadlineSeconds: undefined,
    tolerations: undefined,
    terminationGracePeriodSeconds: undefined,
  };
}
