import { type FileForm, headerFields, headerLine } from "./file-header.ts";
import type { SavedState } from "./saved-state.ts";

const form: FileForm = { magic: "portcullis-program", version: 1 };

export type StateHeader = Omit<SavedState, "program">;

/** The file's first line: the prefixes in it can be closed when the rest is torn. */
export function headerOf({ nodeName, podCidrs, revisions, savedMs, bootId }: SavedState): string {
  return headerLine(form, {
    nodeName,
    podCidrs,
    revisions: Object.fromEntries(revisions),
    savedMs,
    bootId,
  });
}

/** @throws StateError */
export function readHeader(line: string): StateHeader {
  const { revisions, ...fields } = headerFields(form, line) as Omit<StateHeader, "revisions"> & {
    readonly revisions: Readonly<Record<string, string>>;
  };
  return { ...fields, revisions: new Map(Object.entries(revisions)) };
}
