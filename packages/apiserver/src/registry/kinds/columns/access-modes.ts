import { asList, asString } from "../../../json.ts";

const shortForms: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

/** Access modes of a volume in short, in the order in which they are always shown. */
export function accessModesText(modes: unknown): string {
  const given = asList(modes).map(asString);
  return Object.keys(shortForms)
    .filter((mode) => given.includes(mode))
    .map((mode) => shortForms[mode])
    .join(",");
}
