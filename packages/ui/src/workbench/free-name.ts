import type { ManifestFile } from "@portcullis/engine";

/** A name that no file has: the wanted one, or the same with another number before its ending. */
export function freeName(wanted: string, files: readonly ManifestFile[]): string {
  const names = new Set(files.map(({ file }) => file));
  const [, stem = "", number = "", ending = ""] = /^(.*?)(?:-(\d+))?(\.\w+)?$/s.exec(wanted) ?? [];
  let name = wanted;
  for (let next = Number(number || 1) + 1; names.has(name); next++) name = `${stem}-${next}${ending}`;
  return name;
}
