import { createHash } from "node:crypto";
import type { SavedState } from "./saved-state.ts";
import { StateError } from "./state-error.ts";

/** Of the form of the file. Another one is refused: what it would have said differently cannot be known. */
const stateVersion = 1;

export type StateHeader = Omit<SavedState, "program">;

/** The file's first line. It has a checksum of its own, so that the prefixes in it can be closed when the rest is torn. */
export function headerOf({ nodeName, podCidrs, revisions, savedMs, bootId }: SavedState): string {
  const fields = { nodeName, podCidrs, revisions: Object.fromEntries(revisions), savedMs, bootId };
  const text = JSON.stringify(fields);
  return `portcullis-program ${stateVersion} ${sumOf(text)} ${text}\n`;
}

/** @throws StateError */
export function readHeader(line: string): StateHeader {
  const [magic, version, sum, ...rest] = line.split(" ");
  if (magic !== "portcullis-program") throw new StateError("Corrupted", "it is no state of an agent");
  if (version !== String(stateVersion))
    throw new StateError(
      "OtherVersion",
      `it has version ${version}, and this agent reads version ${stateVersion}`,
    );
  const text = rest.join(" ");
  if (sum !== sumOf(text)) throw new StateError("Corrupted", "its first line is not what was written");
  const { revisions, ...fields } = JSON.parse(text) as Omit<StateHeader, "revisions"> & {
    readonly revisions: Readonly<Record<string, string>>;
  };
  return { ...fields, revisions: new Map(Object.entries(revisions)) };
}

function sumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
