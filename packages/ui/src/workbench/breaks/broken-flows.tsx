import { useRef, useState } from "react";
import type { BreakList, BreakRow } from "../../engine/flows/flow-protocol.ts";
import { useWorkspace } from "../../state/context.ts";
import { freeName } from "../free-name.ts";
import { FlowRows } from "./flow-rows.tsx";
import { keptText } from "./records-words.ts";

export interface BrokenFlowsProps {
  readonly broken: BreakList;
  /** Whether the draft is newer than the list. */
  readonly behind: boolean;
  readonly onWhy: (row: BreakRow) => void;
  readonly onOpen: (file: string) => void;
}

/** What passed and would be denied, and the policies that keep it. */
export function BrokenFlows({ broken, behind, onWhy, onOpen }: BrokenFlowsProps) {
  const { session, recordings } = useWorkspace();
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState("");
  const note = useRef<HTMLParagraphElement>(null);
  const chosen = new Set(broken.rows.map(({ key }) => key).filter((key) => marked.has(key)));

  async function keep(): Promise<void> {
    setBusy(true);
    setTold("");
    try {
      const kept = await recordings.keep(chosen.size === 0 ? undefined : [...chosen]);
      const file = freeName("keep-recorded.yaml", session.snapshot().files);
      setTold(keptText(kept, file));
      if (kept.text !== "") {
        session.edit(file, kept.text);
        onOpen(file);
      }
    } catch (error) {
      setTold(error instanceof Error ? error.message : String(error));
    }
    setMarked(new Set());
    setBusy(false);
    // The button goes with what it kept, and the focus would be lost with it; who types elsewhere by now types on.
    if (isHere(document.activeElement, note.current)) note.current?.focus();
  }

  return (
    <>
      {broken.count > 0 && (
        <>
          <h3>Would be denied</h3>
          <FlowRows
            list={broken}
            what={{ className: "closed", mark: "−", words: "would be denied" }}
            onWhy={onWhy}
            chosen={chosen}
            onChoose={setMarked}
          />
          <p className="choices">
            <button type="button" disabled={busy || behind} onClick={() => void keep()}>
              Keep these
            </button>{" "}
            <span className="quiet">
              {chosen.size === 0 ? "all of them" : `the ${chosen.size.toLocaleString("en")} chosen`}, with the
              smallest policies that let them pass
            </span>
          </p>
        </>
      )}
      <p role="status" tabIndex={-1} ref={note}>
        {told}
      </p>
    </>
  );
}

/** Whether the focus is where it was when the button was pressed, or nowhere. */
function isHere(focused: Element | null, note: Element | null): boolean {
  return focused === document.body || note?.closest(".breaks")?.contains(focused) === true;
}
