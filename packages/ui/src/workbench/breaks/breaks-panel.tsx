import { useEffect, useState } from "react";
import type { BreakRow } from "../../engine/flows/flow-protocol.ts";
import { useRecordings, useSession, useWorkspace } from "../../state/context.ts";
import { StatusLine } from "../status-line.tsx";
import { BreakWhy } from "./break-why.tsx";
import { BrokenFlows } from "./broken-flows.tsx";
import { FollowAgents } from "./follow-agents.tsx";
import { OpenedFlows } from "./opened-flows.tsx";
import { RecordsSource } from "./records-source.tsx";
import { notesOf } from "./records-words.ts";
import "./breaks.css";

/** Recorded flows that the draft would deny, and those that it would let pass; and a policy that keeps the first. */
export function BreaksPanel({ onOpen }: { readonly onOpen: (file: string) => void }) {
  const { recordings } = useWorkspace();
  const { live } = useSession();
  const { read, breaks, behind, failure } = useRecordings();
  const [asked, setAsked] = useState<BreakRow>();
  useEffect(() => recordings.want(), [recordings]);
  const close = () => setAsked(undefined);
  return (
    <section className="breaks" aria-label="What breaks">
      <h2>What breaks</h2>
      {live?.records && <FollowAgents />}
      <RecordsSource />
      {failure !== "" && <p className="problem">{failure}</p>}
      {read !== undefined && read.flows > 0 && (
        <StatusLine doing={behind || breaks === undefined ? "Holding them against the draft" : undefined}>
          {breaks && `${breaks.summary}.`}
        </StatusLine>
      )}
      {breaks && read && (
        <>
          {asked && <BreakWhy key={asked.key} row={asked} onClose={close} />}
          <BrokenFlows broken={breaks.denied} behind={behind} onWhy={setAsked} onOpen={onOpen} />
          <OpenedFlows opened={breaks.allowed} onWhy={setAsked} />
          {notesOf(breaks, read).map((note) => (
            <p key={note} className="quiet">
              {note}
            </p>
          ))}
        </>
      )}
    </section>
  );
}
