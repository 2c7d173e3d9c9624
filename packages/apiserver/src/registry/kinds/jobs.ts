import { validateObject } from "@portcullis/engine";
import type { ApiObject } from "../../api-object.ts";
import { asRecord, asString } from "../../json.ts";
import { asNumber } from "./columns/columns.ts";
import { jobColumns } from "./columns/job-columns.ts";
import { withJobDefaults } from "./defaults/job.ts";
import { kindEntry } from "./entry.ts";
import { jobErrors } from "./validation/job.ts";
import { unchanged } from "./validation/workload.ts";

/** batch/v1 Job. */
export const jobs = kindEntry({
  group: "batch",
  version: "v1",
  kind: "Job",
  plural: "jobs",
  categories: ["all"],
  subresources: ["status"],
  behaviour: "full",
  countsGeneration: true,
  columns: jobColumns,
  selectableFields: { "status.successful": ({ status }) => String(asNumber(asRecord(status).succeeded)) },
  defaults: (job) => ({ ...job, spec: withJobDefaults(asRecord(job.spec)) }),
  validate: (value) => [...validateObject(value), ...jobErrors(asRecord(asRecord(value).spec), "spec")],
  validateUpdate: (job, old) => [
    ...unchanged(job, old, "selector"),
    ...unchanged(job, old, "template"),
    ...unchanged(job, old, "completionMode"),
  ],
  prepareCreate: (job) => withGeneratedSelector({ ...job, status: {} }),
});

/** A job's pods carry its uid, so that no other pod is ever taken for one of them. */
function withGeneratedSelector(job: ApiObject): ApiObject {
  const spec = asRecord(job.spec);
  if (spec.manualSelector === true) return job;
  const { uid = "", name } = job.metadata;
  const template = asRecord(spec.template);
  const metadata = asRecord(template.metadata);
  const labels = {
    ...(asRecord(metadata.labels) as Record<string, string>),
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": name,
    "controller-uid": uid,
    "job-name": name,
  };
  const own = job.metadata.labels ?? {};
  return {
    ...job,
    metadata: { ...job.metadata, labels: Object.keys(own).length > 0 ? own : labels },
    spec: {
      ...spec,
      selector: { matchLabels: { "batch.kubernetes.io/controller-uid": asString(uid) } },
      template: { ...template, metadata: { ...metadata, labels } },
    },
  };
}
