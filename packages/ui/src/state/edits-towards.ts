import type { ManifestFile } from "@portcullis/engine";

/** Replaces, adds or (undefined) removes one file. */
export interface Edit {
  readonly file: string;
  readonly text: string | undefined;
}

/** What makes other files of files, one edit for each that differs. */
export function editsTowards(was: readonly ManifestFile[], files: readonly ManifestFile[]): readonly Edit[] {
  const texts = new Map(was.map(({ file, text }) => [file, text]));
  const is = new Set(files.map(({ file }) => file));
  return [
    ...files.filter(({ file, text }) => texts.get(file) !== text),
    ...[...texts.keys()].filter((file) => !is.has(file)).map((file) => ({ file, text: undefined })),
  ];
}
