import { applyFixes, type Finding } from "@portcullis/engine";
import type { Session } from "../state/session.ts";

/** Edits the draft as a finding proposes. Nothing happens when the text has changed since it was found. */
export function applyFix(session: Session, finding: Finding): void {
  const { files, findings, busy, advised } = session.snapshot();
  if (busy || !advised || findings?.includes(finding) !== true) return;
  for (const { file, text } of files) {
    const fixed = applyFixes(file, text, [finding]);
    if (fixed.applied.length > 0) session.edit(file, fixed.text);
  }
}
