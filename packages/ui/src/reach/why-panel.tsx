import type { PeerRef } from "../engine/picture.ts";
import { useSession, useView, useWorkspace } from "../state/context.ts";
import { parsePortFilter } from "./port-filter.ts";
import { useWhy } from "./use-why.ts";
import { Answer } from "./why-answer.tsx";
import { WhyHeader } from "./why-header.tsx";
import "./why-panel.css";
import { Waiting } from "../shell/waiting.tsx";

export interface WhyPanelProps {
  readonly title: string;
  readonly source: PeerRef;
  readonly destination: PeerRef;
  readonly onClose: () => void;
}

/** Why a cell is as it is: both sides, the policies that isolate them, the rule that decided, and the nearest miss. */
export function WhyPanel({ title, source, destination, onClose }: WhyPanelProps) {
  const { session } = useWorkspace();
  const { draft } = useSession();
  const asked = parsePortFilter(useView().port);
  const ports = asked === undefined || "problem" in asked ? undefined : asked;
  const answers = useWhy(session, { side: "draft", picture: draft, source, destination, ports });
  return (
    <aside className="why" aria-label={`Why: ${title}`}>
      <WhyHeader level="h2" title={title} onClose={onClose} />
      {answers === undefined ? (
        <Waiting>asking</Waiting>
      ) : answers === "gone" ? (
        <p>One of the two is not there any more.</p>
      ) : (
        answers.map((answer) => <Answer key={answer.portsText} answer={answer} />)
      )}
    </aside>
  );
}
