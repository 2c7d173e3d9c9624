import { useEffect, useState } from "react";
import type { PeerRef } from "../engine/picture.ts";
import type { WhyAnswer } from "../engine/why.ts";
import { useSession, useView, useWorkspace } from "../state/context.ts";
import { parsePortFilter } from "./port-filter.ts";
import { Answer } from "./why-answer.tsx";
import "./why-panel.css";

export interface WhyPanelProps {
  readonly title: string;
  readonly source: PeerRef;
  readonly destination: PeerRef;
  readonly onClose: () => void;
}

/** Why a cell is as it is: both sides, the policies that isolate them, the rule that decided, and the nearest miss. */
export function WhyPanel({ title, source, destination, onClose }: WhyPanelProps) {
  const answers = useAnswers(source, destination);
  return (
    <aside className="why" aria-label={`Why: ${title}`}>
      <header>
        <h2>{title}</h2>
        <button type="button" onClick={onClose} aria-label="Close the explanation">
          ✕
        </button>
      </header>
      {answers === undefined ? (
        <p className="quiet">asking …</p>
      ) : answers === "gone" ? (
        <p>One of the two is not there any more.</p>
      ) : (
        answers.map((answer) => <Answer key={answer.portsText} answer={answer} />)
      )}
    </aside>
  );
}

function useAnswers(source: PeerRef, destination: PeerRef): readonly WhyAnswer[] | "gone" | undefined {
  const { session } = useWorkspace();
  const { draft } = useSession();
  const { port } = useView();
  const [answers, setAnswers] = useState<readonly WhyAnswer[] | "gone">();
  const key = JSON.stringify([source, destination]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for both ends, the draft for what they mean
  useEffect(() => {
    let current = true;
    const ports = parsePortFilter(port);
    const filter = ports === undefined || "problem" in ports ? undefined : ports;
    void session.engine.why("draft", source, destination, filter).then((found) => {
      if (current) setAnswers(found ?? "gone");
    });
    return () => {
      current = false;
    };
  }, [session, key, draft, port]);
  return answers;
}
