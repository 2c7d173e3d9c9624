import { type PicturePeer, peerRef } from "../engine/picture.ts";
import type { Side } from "../engine/protocol.ts";
import { assertionOf } from "../reach/copy-texts.ts";
import { useWhy } from "../reach/use-why.ts";
import { Answer } from "../reach/why-answer.tsx";
import { WhyHeader } from "../reach/why-header.tsx";
import { Waiting } from "../shell/waiting.tsx";
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
      <WhyHeader level="h3" title={title} onClose={onClose} />
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
  const { [side]: picture } = useSession();
  const ends = { source: peerRef(source), destination: peerRef(destination) };
  const answers = useWhy(session, { side, picture, ...ends });
  if (answers === undefined) return <Waiting>asking</Waiting>;
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
