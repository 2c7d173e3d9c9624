import type { ApiObject } from "../../api-object.ts";
import { asRecord, asString } from "../../json.ts";
import type { FieldError } from "../resource-def.ts";
import { viewEntry } from "./entry.ts";
import { events } from "./events.ts";
import { notSupported, required } from "./validation/field-errors.ts";
import { metadataErrors } from "./validation/metadata.ts";

/** Fields that have other names here (events.k8s.io/v1 Event) than in the core group. */
const names = {
  note: "message",
  regarding: "involvedObject",
  reportingController: "reportingComponent",
  deprecatedSource: "source",
  deprecatedFirstTimestamp: "firstTimestamp",
  deprecatedLastTimestamp: "lastTimestamp",
  deprecatedCount: "count",
} as const;

const toCore: Readonly<Record<string, string>> = names;
const toEvents: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(names).map(([shown, stored]) => [stored, shown]),
);

/** events.k8s.io/v1 Event: the events of the core group, which k9s and newer recorders ask for by this name. */
export const eventsV1 = viewEntry(
  { group: "events.k8s.io", version: "v1", validate },
  {
    of: events,
    toStored: (event) => ({ ...renamed(event, toCore), apiVersion: "v1" }),
    toShown: (event) => ({ ...renamed(event, toEvents), apiVersion: "events.k8s.io/v1" }),
  },
);

function renamed(event: ApiObject, fields: Readonly<Record<string, string>>): ApiObject {
  const entries = Object.entries(event).map(([field, value]) => [
    Object.hasOwn(fields, field) ? fields[field] : field,
    value,
  ]);
  return Object.fromEntries(entries) as ApiObject;
}

/** What recorders of this group have to say, and those of the core group need not (core validation, ValidateEventCreate). */
function validate(value: unknown): readonly FieldError[] {
  const event = asRecord(value);
  const errors = metadataErrors(value);
  // One that was written in the core group is changed under that group's rules.
  if (asString(event.eventTime) === "" && event.deprecatedFirstTimestamp !== undefined) return errors;
  const missing = ["eventTime", "reportingController", "reportingInstance", "action", "reason"]
    .filter((field) => asString(event[field]) === "")
    .map((field) => required(field));
  const type = asString(event.type);
  const known = type === "Normal" || type === "Warning";
  return [...errors, ...missing, ...(known ? [] : [notSupported("type", type, ["Normal", "Warning"])])];
}
