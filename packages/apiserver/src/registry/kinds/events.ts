import type { ApiObject } from "../../api-object.ts";
import { asRecord, asString, isRecord } from "../../json.ts";
import type { FieldError } from "../resource-def.ts";
import { asNumber, nameColumnOf, text } from "./columns/columns.ts";
import { since } from "./columns/duration.ts";
import { kindEntry } from "./entry.ts";
import { invalid } from "./validation/field-errors.ts";
import { metadataErrors } from "./validation/metadata.ts";

const involved = (field: string) => (event: ApiObject) => asString(asRecord(event.involvedObject)[field]);

/** core/v1 Event. */
export const events = kindEntry({
  group: "",
  version: "v1",
  kind: "Event",
  plural: "events",
  shortNames: ["ev"],
  behaviour: "full",
  columns: [
    text("Last Seen", "Time since it happened last.", lastSeen),
    text("Type", "Normal or Warning.", (event) => asString(event.type)),
    text("Reason", "What happened, in a word.", (event) => asString(event.reason)),
    text("Object", "What it happened to.", objectText),
    text("Subobject", "The part that it happened to.", involved("fieldPath"), { wide: true }),
    text("Source", "Who tells it.", sourceText, { wide: true }),
    text("Message", "What happened, in a sentence.", (event) => asString(event.message).trim()),
    text("First Seen", "Time since it happened first.", firstSeen, { wide: true }),
    text("Count", "How often it happened.", countOf, { wide: true }),
    nameColumnOf(({ metadata }) => metadata.name, { wide: true }),
  ],
  selectableFields: {
    ...Object.fromEntries(
      ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map((field) => [
        `involvedObject.${field}`,
        involved(field),
      ]),
    ),
    reason: (event) => asString(event.reason),
    reportingComponent: (event) => asString(event.reportingComponent),
    source: (event) => asString(asRecord(event.source).component) || asString(event.reportingComponent),
    type: (event) => asString(event.type),
  },
  defaults: (event) => ({ ...event, involvedObject: asRecord(event.involvedObject) }),
  validate: (value) => [...metadataErrors(value), ...placeErrors(asRecord(value))],
});

function lastSeen(event: ApiObject, now: Date): string {
  const { series, lastTimestamp } = event;
  if (isRecord(series)) return since(series.lastObservedTime, now);
  return asString(lastTimestamp) === "" ? firstSeen(event, now) : since(lastTimestamp, now);
}

function firstSeen({ firstTimestamp, eventTime }: ApiObject, now: Date): string {
  return since(asString(firstTimestamp) || eventTime, now);
}

function countOf({ series, count }: ApiObject): number {
  return isRecord(series) ? asNumber(series.count) : asNumber(count) || 1;
}

function objectText(event: ApiObject): string {
  const [kind, name] = [involved("kind")(event).toLowerCase(), involved("name")(event)];
  return name === "" ? kind : `${kind}/${name}`;
}

function sourceText({ source, reportingComponent, reportingInstance }: ApiObject): string {
  const { component, host } = asRecord(source);
  const parts = [
    asString(component) || asString(reportingComponent),
    asString(host) || asString(reportingInstance),
  ];
  return parts[1] === "" ? parts[0]! : parts.join(", ");
}

/** An event lies in the namespace of its object, or in `default` when that has none. */
function placeErrors(event: Readonly<Record<string, unknown>>): readonly FieldError[] {
  const { namespace: own = "" } = asRecord(event.metadata);
  const { namespace = "" } = asRecord(event.involvedObject);
  if (own === namespace || (namespace === "" && (own === "default" || own === ""))) return [];
  const detail = namespace === "" ? "not allowed in namespace" : "does not match event.namespace";
  return [invalid("involvedObject.namespace", namespace, detail)];
}
