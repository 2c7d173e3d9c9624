import { asRecord } from "../../json.ts";
import type { FieldError } from "../resource-def.ts";
import { ageColumn, nameColumn, text } from "./columns/columns.ts";
import { kindEntry } from "./entry.ts";
import { base64Errors, immutableErrors, keyErrors, sizeErrors } from "./validation/data.ts";
import { invalid } from "./validation/field-errors.ts";
import { metadataErrors } from "./validation/metadata.ts";

/** core/v1 ConfigMap. */
export const configMaps = kindEntry({
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  shortNames: ["cm"],
  behaviour: "full",
  columns: [
    nameColumn,
    text("Data", "Number of entries.", ({ data, binaryData }) => {
      return Object.keys(asRecord(data)).length + Object.keys(asRecord(binaryData)).length;
    }),
    ageColumn,
  ],
  validate: (value) => [...metadataErrors(value), ...dataErrors(asRecord(value))],
  validateUpdate: (map, old) => immutableErrors(map, old, ["data", "binaryData"]),
});

function dataErrors({ data, binaryData }: Readonly<Record<string, unknown>>): readonly FieldError[] {
  const [texts, binary] = [asRecord(data), asRecord(binaryData)];
  const both = Object.keys(texts).filter((key) => Object.hasOwn(binary, key));
  return [
    ...keyErrors(texts, "data"),
    ...keyErrors(binary, "binaryData"),
    ...both.map((key) => invalid(`data[${key}]`, key, "duplicate of key present in binaryData")),
    ...base64Errors(binary, "binaryData"),
    ...sizeErrors([texts, binary], "[]"),
  ];
}
