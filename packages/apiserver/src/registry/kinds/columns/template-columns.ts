import type { ApiObject } from "../../../api-object.ts";
import { asList, asRecord, asString } from "../../../json.ts";
import type { Column } from "../../resource-def.ts";
import { text } from "./columns.ts";
import { labelsText, selectorText } from "./selector-text.ts";

type Fields = Readonly<Record<string, unknown>>;

/** `spec.template` of most workloads. */
export function templateOf(object: ApiObject): Fields {
  return asRecord(asRecord(object.spec).template);
}

/** What `-o wide` adds to workloads: containers and images of the template. */
export function containerColumns(
  template: (object: ApiObject) => Fields = templateOf,
  options: { readonly wide: boolean } = { wide: true },
): readonly Column[] {
  const field = (object: ApiObject, name: string) =>
    asList(asRecord(template(object).spec).containers)
      .map((container) => asString(asRecord(container)[name]))
      .join(",");
  return [
    text("Containers", "Names of the template's containers.", (object) => field(object, "name"), options),
    text("Images", "Images of the template's containers.", (object) => field(object, "image"), options),
  ];
}

/** What `-o wide` shows last: a LabelSelector. */
export const selectorColumn: Column = text(
  "Selector",
  "Selects the pods that belong to the object.",
  ({ spec }) => selectorText(asRecord(spec).selector),
  { wide: true },
);

/** The same for kinds whose selector is a map of labels. */
export const labelMapColumn: Column = text(
  "Selector",
  "Labels of the pods that belong to the object.",
  ({ spec }) => labelsText(asRecord(spec).selector),
  { wide: true },
);
