import { useState } from "react";
import { ChangeWhy } from "./change-why.tsx";
import type { Change, Changes } from "./changes.ts";
import { ChangesTable } from "./changes-table.tsx";
import { changesText } from "./changes-text.ts";
import { StatusLine } from "./status-line.tsx";

/** Rows that are drawn at once; a table of thousands would hold up the typing that it is to follow. */
const firstRows = 100;

export interface ChangesPanelProps {
  readonly changes: Changes;
  /** Whether the draft is newer than what was compared. */
  readonly behind: boolean;
}

/** What the draft opens and closes; a click on one says why, before and now. */
export function ChangesPanel({ changes, behind }: ChangesPanelProps) {
  const { list, opened, closed, changed } = changes;
  const [chosen, setChosen] = useState<Change>();
  const [rows, setRows] = useState(firstRows);
  const all = opened + closed + changed;
  return (
    <section className="changes" aria-label="Changes">
      <h2>Changes</h2>
      <StatusLine doing={behind ? "Comparing what was typed since" : undefined}>
        {changesText(changes, behind)}
      </StatusLine>
      {chosen && (
        <ChangeWhy
          source={chosen.source}
          destination={chosen.destination}
          onClose={() => setChosen(undefined)}
        />
      )}
      {all > 0 && <ChangesTable list={list.slice(0, rows)} onWhy={setChosen} />}
      {all > rows && (
        <p className="quiet">
          and {(all - Math.min(rows, list.length)).toLocaleString("en")} more{" "}
          {list.length > rows && (
            <button type="button" onClick={() => setRows(rows * 5)}>
              Show some
            </button>
          )}
        </p>
      )}
    </section>
  );
}
