import type { Authorizer, UserInfo } from "../../../auth/user.ts";
import { asList, asRecord, asString } from "../../../json.ts";
import type { FieldError, ResourceDef } from "../../resource-def.ts";
import { invalid } from "../validation/field-errors.ts";
import { attributesOf, review, subjectOf } from "./review.ts";

type Fields = Readonly<Record<string, unknown>>;

const group = "authorization.k8s.io";

/** authorization.k8s.io/v1: who may do what (`kubectl auth can-i`). */
export function accessReviews(authorizer: Authorizer): readonly ResourceDef[] {
  const decide = (user: UserInfo, spec: Fields) => {
    const { allowed, reason } = authorizer.authorize(user, attributesOf(spec));
    return { allowed, ...(reason === "" ? {} : { reason }) };
  };
  return [
    review({
      group,
      kind: "SubjectAccessReview",
      validate: (spec) => [...attributesErrors(spec), ...subjectErrors(spec)],
      status: (spec) => decide(subjectOf(spec), spec),
    }),
    review({
      group,
      kind: "LocalSubjectAccessReview",
      namespaced: true,
      validate: (spec, metadata) => [
        ...attributesErrors(spec),
        ...subjectErrors(spec),
        ...localErrors(spec, metadata),
      ],
      status: (spec) => decide(subjectOf(spec), spec),
    }),
    review({
      group,
      kind: "SelfSubjectAccessReview",
      validate: attributesErrors,
      status: (spec, user) => decide(user, spec),
    }),
    review({
      group,
      kind: "SelfSubjectRulesReview",
      status: ({ namespace }, user) => authorizer.rulesFor(user, asString(namespace)),
    }),
  ];
}

function attributesErrors(spec: Fields): readonly FieldError[] {
  const both = spec.resourceAttributes !== undefined && spec.nonResourceAttributes !== undefined;
  const neither = spec.resourceAttributes === undefined && spec.nonResourceAttributes === undefined;
  if (both) {
    const why = "cannot be specified in combination with resourceAttributes";
    return [invalid("spec.nonResourceAttributes", spec.nonResourceAttributes, why)];
  }
  if (!neither) return [];
  const why = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
  return [invalid("spec.resourceAttributes", spec.resourceAttributes ?? null, why)];
}

function subjectErrors({ user, groups }: Fields): readonly FieldError[] {
  if (asString(user) !== "" || asList(groups).length > 0) return [];
  return [invalid("spec.user", asString(user), "at least one of user or group must be specified")];
}

function localErrors(spec: Fields, { namespace }: Fields): readonly FieldError[] {
  if (spec.nonResourceAttributes !== undefined)
    return [
      invalid("spec.nonResourceAttributes", spec.nonResourceAttributes, "disallowed on this kind of request"),
    ];
  const asked = asString(asRecord(spec.resourceAttributes).namespace);
  if (asked === namespace) return [];
  return [invalid("spec.resourceAttributes.namespace", asked, "must match metadata.namespace")];
}
