import type { FieldEdit, Path } from "../yaml/field-edit.ts";
import { changeBetween, type TextChange } from "../yaml/text-change.ts";
import { writeEdits } from "../yaml/write-edits.ts";
import { keyOf, type Locks } from "./locks.ts";
import type { FoundPolicy } from "./policy-at.ts";

export type WrittenPolicy =
  /** In offsets of the file. */
  { readonly change: TextChange } | { readonly problem: string };

/** The smallest change of the file's text that makes edits of a policy (paths begin at the policy). */
export function writePolicy(
  { start, text, base }: FoundPolicy,
  locks: Locks,
  edits: readonly FieldEdit[],
): WrittenPolicy {
  for (const { path } of edits) {
    const why = lockOn(path, locks);
    if (why !== undefined) return { problem: why };
  }
  const next = writeEdits(
    text,
    edits.map((edit) => ({ ...edit, path: [...base, ...edit.path] })),
  );
  if (next === undefined)
    return { problem: "This cannot be written without touching something else: change it in the YAML." };
  const { from, to, insert } = changeBetween(text, next);
  return { change: { from: start + from, to: start + to, insert } };
}

/** Why nothing at a path can be changed, if so: it, or what it is in, is locked. */
function lockOn(path: Path, locks: Locks): string | undefined {
  for (let length = 0; length <= path.length; length++) {
    const why = locks.get(keyOf(path.slice(0, length)));
    if (why !== undefined) return why;
  }
  return undefined;
}
