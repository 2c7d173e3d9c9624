import { asRecord, asString } from "../../json.ts";
import { ageColumn, nameColumn, text } from "./columns/columns.ts";
import { kindEntry } from "./entry.ts";
import { metadataErrors } from "./validation/metadata.ts";
import { countErrors } from "./validation/numbers.ts";

/** coordination.k8s.io/v1 Lease. */
export const leases = kindEntry({
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  behaviour: "full",
  columns: [
    nameColumn,
    text("Holder", "Who holds it.", ({ spec }) => asString(asRecord(spec).holderIdentity)),
    ageColumn,
  ],
  validate: (value) => {
    const spec = asRecord(asRecord(value).spec);
    return [
      ...metadataErrors(value),
      ...countErrors(spec, "spec", ["leaseDurationSeconds"], 1),
      ...countErrors(spec, "spec", ["leaseTransitions"]),
    ];
  },
});
