import { asList } from "../../../json.ts";
import type { ResourceDef } from "../../resource-def.ts";
import { ageColumn, integer, nameColumn } from "../columns/columns.ts";
import { kindEntry } from "../entry.ts";

/** core/v1 ServiceAccount. The server makes tokens for it (`token` subresource). */
export const serviceAccounts: ResourceDef = kindEntry({
  group: "",
  version: "v1",
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  shortNames: ["sa"],
  behaviour: "full",
  subresources: ["token"],
  columns: [
    nameColumn,
    integer("Secrets", "How many secrets the account lists.", ({ secrets }) => asList(secrets).length),
    ageColumn,
  ],
});
