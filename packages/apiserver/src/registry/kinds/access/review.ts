import type { ApiObject } from "../../../api-object.ts";
import type { RequestAttributes, UserInfo } from "../../../auth/user.ts";
import { asList, asRecord, asString } from "../../../json.ts";
import type { FieldError, ResourceDef } from "../../resource-def.ts";
import { kindEntry } from "../entry.ts";

type Fields = Readonly<Record<string, unknown>>;

interface Review {
  readonly group: "authorization.k8s.io" | "authentication.k8s.io";
  readonly kind: string;
  readonly namespaced?: boolean;
  validate?(spec: Fields, metadata: Fields): readonly FieldError[];
  /** The `status` that the review is answered with. */
  status(spec: Fields, user: UserInfo): unknown;
}

/** A kind that is asked and answered and never stored. */
export function review({
  group,
  kind,
  namespaced = false,
  validate = () => [],
  status,
}: Review): ResourceDef {
  return kindEntry({
    group,
    version: "v1",
    kind,
    plural: `${kind.toLowerCase()}s`,
    namespaced,
    behaviour: "full",
    validate: (value) => {
      const { spec, metadata } = asRecord(value);
      return validate(asRecord(spec), asRecord(metadata));
    },
    answer: (object: ApiObject, user) => ({ ...object, status: status(asRecord(object.spec), user) }),
  });
}

/** What a SubjectAccessReview asks about. Exactly one of the two is there, when the review is valid. */
export function attributesOf(spec: Fields): RequestAttributes {
  if (spec.nonResourceAttributes !== undefined) {
    const { path, verb } = asRecord(spec.nonResourceAttributes);
    return { verb: asString(verb), path: asString(path) };
  }
  const { verb, group, version, resource, subresource, namespace, name } = asRecord(spec.resourceAttributes);
  const optional = Object.entries({ subresource, namespace, name }).filter(
    ([, value]) => asString(value) !== "",
  );
  return {
    verb: asString(verb),
    group: asString(group),
    version: asString(version),
    resource: asString(resource),
    ...Object.fromEntries(optional),
  };
}

/** The user that a SubjectAccessReview asks about. */
export function subjectOf({ user, groups, uid, extra }: Fields): UserInfo {
  return {
    name: asString(user),
    groups: asList(groups).map(asString),
    ...(asString(uid) === "" ? {} : { uid: asString(uid) }),
    ...(extra === undefined ? {} : { extra: asRecord(extra) as NonNullable<UserInfo["extra"]> }),
  };
}

/** authentication.k8s.io/v1 UserInfo. */
export function userInfoOf({ name, uid, groups, extra }: UserInfo): Fields {
  return {
    username: name,
    ...(uid === undefined ? {} : { uid }),
    groups,
    ...(extra === undefined ? {} : { extra }),
  };
}
