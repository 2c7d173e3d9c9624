import type { ApiObject } from "../../../api-object.ts";
import { asList, asRecord, asString } from "../../../json.ts";
import type { Column } from "../../resource-def.ts";
import { ageColumn, nameColumn, text } from "../columns/columns.ts";

/** What `kubectl get rolebindings` shows. */
export const bindingColumns: readonly Column[] = [
  nameColumn,
  text("Role", "The role whose rules the subjects get.", ({ roleRef }) => {
    const { kind, name } = asRecord(roleRef);
    return `${asString(kind)}/${asString(name)}`;
  }),
  ageColumn,
  text("Users", "Users among the subjects.", (binding) => subjects(binding, "User"), { wide: true }),
  text("Groups", "Groups among the subjects.", (binding) => subjects(binding, "Group"), { wide: true }),
  text(
    "ServiceAccounts",
    "Service accounts among the subjects.",
    (binding) => subjects(binding, "ServiceAccount"),
    {
      wide: true,
    },
  ),
];

function subjects(binding: ApiObject, kind: string): string {
  return asList(binding.subjects)
    .map(asRecord)
    .filter((subject) => subject.kind === kind)
    .map(({ namespace, name }) =>
      kind === "ServiceAccount" ? `${asString(namespace)}/${asString(name)}` : name,
    )
    .join(", ");
}
