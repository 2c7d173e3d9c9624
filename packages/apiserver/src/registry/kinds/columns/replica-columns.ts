import { asRecord } from "../../../json.ts";
import type { Column } from "../../resource-def.ts";
import { ageColumn, integer, nameColumn } from "./columns.ts";
import { containerColumns } from "./template-columns.ts";

/** What ReplicaSets and ReplicationControllers show, but for the selector at the end. */
export const replicaColumns: readonly Column[] = [
  nameColumn,
  integer("Desired", "Pods that are wanted.", ({ spec }) => asRecord(spec).replicas),
  integer("Current", "Pods that exist.", ({ status }) => asRecord(status).replicas),
  integer("Ready", "Pods that are ready.", ({ status }) => asRecord(status).readyReplicas),
  ageColumn,
  ...containerColumns(),
];
