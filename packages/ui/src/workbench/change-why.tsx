import { useEffect, useState } from "react";
import { type PicturePeer, peerRef } from "../engine/picture.ts";
import type { Side } from "../engine/protocol.ts";
import type { WhyAnswer } from "../engine/why.ts";
import { assertionOf } from "../reach/copy-texts.ts";
import { Answer } from "../reach/why-answer.tsx";
import { useSession, useWorkspace } from "../state/context.ts";
import { addAssertions } from "./assertion-files.ts";

export interface ChangeWhyProps {
  readonly source: PicturePeer;
  readonly destination: PicturePeer;
  readonly onClose: () => void;
}

const sides = [
  { side: "base", title: "Before" },
  { side: "draft", title: "Now" },
] as const;

/** Why a connection was as it was, and why it is as it is now. */
export function ChangeWhy({ source, destination, onClose }: ChangeWhyProps) {
  const title = `${source.name} → ${destination.name}`;
  return (
    <section className="change-why why" aria-label={`Why: ${title}`}>
      <header>
        <h3>{title}</h3>
        <button type="button" onClick={onClose} aria-label="Close the explanation">
          ✕
        </button>
      </header>
      {sides.map(({ side, title: heading }) => (
        <div key={side}>
          <h4>{heading}</h4>
          <SideWhy side={side} source={source} destination={destination} />
        </div>
      ))}
    </section>
  );
}

function SideWhy({
  side,
  source,
  destination,
}: Pick<ChangeWhyProps, "source" | "destination"> & { readonly side: Side }) {
  const { session } = useWorkspace();
  const answers = useWhy(side, source, destination);
  if (answers === undefined) return <p className="quiet">asking …</p>;
  if (answers === "gone") return <p>One of the two is not there.</p>;
  return answers.map((answer) => (
    <div key={answer.portsText}>
      <Answer answer={answer} />
      <p>
        <button type="button" onClick={() => addAssertions(session, assertionOf(answer))}>
          Expect {answer.allowed ? "allow" : "deny"} from now on
        </button>
      </p>
    </div>
  ));
}

function useWhy(
  side: Side,
  source: PicturePeer,
  destination: PicturePeer,
): readonly WhyAnswer[] | "gone" | undefined {
  const { session } = useWorkspace();
  const { base, draft } = useSession();
  const picture = side === "base" ? base : draft;
  const [answers, setAnswers] = useState<readonly WhyAnswer[] | "gone">();
  const key = `${source.id}\n${destination.id}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for both ends, the picture for what they mean
  useEffect(() => {
    let current = true;
    void session.engine.why(side, peerRef(source), peerRef(destination)).then((found) => {
      if (current) setAnswers(found ?? "gone");
    });
    return () => {
      current = false;
    };
  }, [session, side, key, picture]);
  return answers;
}
