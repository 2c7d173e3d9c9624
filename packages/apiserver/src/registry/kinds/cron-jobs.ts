import { validateObject } from "@portcullis/engine";
import type { ApiObject } from "../../api-object.ts";
import { asList, asRecord, asString, withDefaults } from "../../json.ts";
import type { Column, FieldError } from "../resource-def.ts";
import { ageColumn, integer, nameColumn, orNone, text } from "./columns/columns.ts";
import { since } from "./columns/duration.ts";
import { selectorText } from "./columns/selector-text.ts";
import { containerColumns } from "./columns/template-columns.ts";
import { withJobDefaults } from "./defaults/job.ts";
import { kindEntry } from "./entry.ts";
import { choiceErrors } from "./validation/choice.ts";
import { invalid, required } from "./validation/field-errors.ts";
import { jobErrors } from "./validation/job.ts";

/** A text, though it is declared as a boolean. */
const suspendColumn: Column = {
  name: "Suspend",
  type: "boolean",
  description: "Whether it is held back.",
  priority: 0,
  cell: ({ spec }) => (asRecord(spec).suspend === true ? "True" : "False"),
};

/** batch/v1 CronJob. */
export const cronJobs = kindEntry({
  group: "batch",
  version: "v1",
  kind: "CronJob",
  plural: "cronjobs",
  shortNames: ["cj"],
  categories: ["all"],
  subresources: ["status"],
  behaviour: "full",
  countsGeneration: true,
  columns: [
    nameColumn,
    text("Schedule", "When it runs, in cron's notation.", ({ spec }) => asString(asRecord(spec).schedule)),
    text("Timezone", "Time zone of the schedule.", ({ spec }) => orNone(asRecord(spec).timeZone)),
    suspendColumn,
    integer("Active", "Jobs that run now.", ({ status }) => asList(asRecord(status).active).length),
    text("Last Schedule", "Time since a job was last made.", ({ status }, now) => {
      const last = asString(asRecord(status).lastScheduleTime);
      return last === "" ? "<none>" : since(last, now);
    }),
    ageColumn,
    ...containerColumns((object) => asRecord(jobSpecOf(object).template)),
    text("Selector", "Selects the pods of a job.", (object) => selectorText(jobSpecOf(object).selector), {
      wide: true,
    }),
  ],
  defaults,
  validate: (value) => [...validateObject(value), ...cronErrors(asRecord(asRecord(value).spec))],
  prepareCreate: (object) => ({ ...object, status: {} }),
});

function jobSpecOf({ spec }: ApiObject): Readonly<Record<string, unknown>> {
  return asRecord(asRecord(asRecord(spec).jobTemplate).spec);
}

function defaults(cron: ApiObject): ApiObject {
  const spec = withDefaults(asRecord(cron.spec), {
    concurrencyPolicy: "Allow",
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
  const jobTemplate = asRecord(spec.jobTemplate);
  // The defaults of the job itself are filled in when it is made.
  const { template } = withJobDefaults(asRecord(jobTemplate.spec));
  const jobSpec = template === undefined ? {} : { template };
  return {
    ...cron,
    spec: {
      ...spec,
      jobTemplate: { ...jobTemplate, spec: { ...asRecord(jobTemplate.spec), ...jobSpec } },
    },
  };
}

function cronErrors(spec: Readonly<Record<string, unknown>>): readonly FieldError[] {
  return [
    ...scheduleErrors(asString(spec.schedule)),
    ...choiceErrors(spec, "spec", { concurrencyPolicy: ["Allow", "Forbid", "Replace"] }),
    ...jobErrors(asRecord(asRecord(spec.jobTemplate).spec), "spec.jobTemplate.spec"),
  ];
}

/** As far as the number of fields goes; nothing here runs by the schedule. */
function scheduleErrors(schedule: string): readonly FieldError[] {
  if (schedule === "") return [required("spec.schedule")];
  if (schedule.startsWith("@")) return [];
  const fields = schedule.trim().split(/\s+/);
  if (fields.length === 5) return [];
  const detail = `expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`;
  return [invalid("spec.schedule", schedule, detail)];
}
