import { checkObjectName } from "@portcullis/engine";
import type { ApiObject } from "../../../api-object.ts";
import type { Escalation } from "../../../auth/rbac/escalation.ts";
import { asList, asRecord, asString, sameJson, withDefaults } from "../../../json.ts";
import type { FieldError, ResourceDef } from "../../resource-def.ts";
import { kindEntry } from "../entry.ts";
import { invalid, notSupported, required } from "../validation/field-errors.ts";
import { metadataErrors } from "../validation/metadata.ts";
import { bindingColumns } from "./binding-columns.ts";
import { rbacName } from "./rbac-name.ts";
import { rbacGroup, refuse } from "./roles.ts";

/** rbac.authorization.k8s.io/v1 RoleBinding. */
export function roleBindings(escalation: Escalation): ResourceDef {
  return bindings("RoleBinding", "rolebindings", true, escalation);
}

/** rbac.authorization.k8s.io/v1 ClusterRoleBinding. */
export function clusterRoleBindings(escalation: Escalation): ResourceDef {
  return bindings("ClusterRoleBinding", "clusterrolebindings", false, escalation);
}

function bindings(kind: string, plural: string, namespaced: boolean, escalation: Escalation): ResourceDef {
  const def: ResourceDef = kindEntry({
    group: rbacGroup,
    version: "v1",
    kind,
    plural,
    namespaced,
    behaviour: "full",
    columns: bindingColumns,
    defaults,
    validate: (value) => [
      ...metadataErrors(value, { namespaced, name: rbacName }),
      ...roleRefErrors(asRecord(asRecord(value).roleRef), namespaced),
      ...asList(asRecord(value).subjects).flatMap((subject, index) =>
        subjectErrors(asRecord(subject), `subjects[${index}]`, namespaced),
      ),
    ],
    validateUpdate: (object, old) =>
      sameJson(object.roleRef, old.roleRef)
        ? []
        : [invalid("roleRef", object.roleRef, "cannot change roleRef")],
    beforeWrite: (object, old, user) => refuse(def, object, escalation.ofBinding(object, old, user)),
  });
  return def;
}

function defaults(binding: ApiObject): ApiObject {
  const { subjects, roleRef } = binding;
  return {
    ...binding,
    ...(Array.isArray(subjects) ? { subjects: subjects.map((each) => subjectDefaults(asRecord(each))) } : {}),
    roleRef: withApiGroup(asRecord(roleRef)),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function subjectDefaults(subject: Fields): Fields {
  return subject.kind === "ServiceAccount" ? subject : withApiGroup(subject);
}

function withApiGroup(fields: Fields): Fields {
  return fields.apiGroup === ""
    ? { ...fields, apiGroup: rbacGroup }
    : withDefaults(fields, { apiGroup: rbacGroup });
}

function roleRefErrors({ apiGroup, kind, name }: Fields, namespaced: boolean): readonly FieldError[] {
  const errors: FieldError[] = [];
  const kinds = namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
  if ((apiGroup ?? "") !== "" && apiGroup !== rbacGroup)
    errors.push(notSupported("roleRef.apiGroup", apiGroup, [rbacGroup]));
  if (!kinds.includes(asString(kind))) errors.push(notSupported("roleRef.kind", kind ?? "", kinds));
  if (asString(name) === "") errors.push(required("roleRef.name"));
  for (const why of rbacName(asString(name))) errors.push(invalid("roleRef.name", name, why));
  return errors;
}

function subjectErrors(subject: Fields, path: string, namespaced: boolean): readonly FieldError[] {
  const { kind, name, namespace, apiGroup } = subject;
  const errors: FieldError[] = asString(name) === "" ? [required(`${path}.name`)] : [];
  const group = asString(apiGroup);
  switch (kind) {
    case "ServiceAccount":
      if (asString(name) !== "")
        for (const why of checkObjectName.subdomain(asString(name)))
          errors.push(invalid(`${path}.name`, name, why));
      if (group !== "") errors.push(notSupported(`${path}.apiGroup`, apiGroup, [""]));
      if (!namespaced && asString(namespace) === "") errors.push(required(`${path}.namespace`));
      return errors;
    case "User":
    case "Group":
      if (group !== "" && group !== rbacGroup)
        errors.push(notSupported(`${path}.apiGroup`, apiGroup, [rbacGroup]));
      return errors;
    default:
      return [...errors, notSupported(`${path}.kind`, kind ?? "", ["ServiceAccount", "User", "Group"])];
  }
}
