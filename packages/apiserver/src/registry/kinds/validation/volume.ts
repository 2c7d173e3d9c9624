import { checkObjectName } from "@portcullis/engine";
import { asRecord, asString } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { duplicate, forbidden, invalid, required } from "./field-errors.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The field that a volume's source cannot do without, for the sources that have one. */
const requiredFields: Readonly<Record<string, string>> = {
  configMap: "name",
  hostPath: "path",
  persistentVolumeClaim: "claimName",
  secret: "secretName",
};

/** What is wrong with a pod's volumes. */
export function volumeErrors(volumes: readonly Fields[], path: string): readonly FieldError[] {
  const names = new Set<string>();
  return volumes.flatMap((volume, index) => {
    const at = `${path}[${index}]`;
    const name = asString(volume.name);
    const errors: FieldError[] = [];
    if (name === "") errors.push(required(`${at}.name`));
    else if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    else errors.push(...checkObjectName.label(name).map((problem) => invalid(`${at}.name`, name, problem)));
    names.add(name);
    return [...errors, ...sourceErrors(volume, at)];
  });
}

/** One source at most; none is an emptyDir. */
function sourceErrors(volume: Fields, path: string): readonly FieldError[] {
  const sources = Object.keys(volume).filter((field) => field !== "name" && (volume[field] ?? null) !== null);
  const [first, ...more] = sources;
  if (first === undefined) return [];
  const field = requiredFields[first];
  const missing = field !== undefined && asString(asRecord(volume[first])[field]) === "";
  return [
    ...(missing ? [required(`${path}.${first}.${field}`)] : []),
    ...more.map((source) => forbidden(`${path}.${source}`, "may not specify more than 1 volume type")),
  ];
}
