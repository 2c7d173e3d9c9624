import { type Picture, peerRef } from "../engine/picture.ts";
import { useWhy } from "../reach/use-why.ts";
import type { Session } from "../state/session.ts";

export interface StepWhyProps {
  readonly session: Session;
  readonly picture: Picture;
  /** Places in the picture. */
  readonly from: number;
  readonly to: number;
}

/** The cell in sentences, one for each group of ports. */
export function StepWhy({ session, picture, from, to }: StepWhyProps) {
  const [source, destination] = [peerRef(picture.peers[from]!), peerRef(picture.peers[to]!)];
  const answers = useWhy(session, { side: "draft", picture, source, destination });
  return (
    <div role="status" aria-busy={answers === undefined}>
      {Array.isArray(answers) &&
        answers.map(({ portsText, sentence }) => (
          <p key={portsText}>
            {portsText}: {sentence}
          </p>
        ))}
    </div>
  );
}
