import { useEffect, useState } from "react";
import { type Picture, peerRef } from "../engine/picture.ts";
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
  const [sentences, setSentences] = useState<readonly string[]>([]);
  useEffect(() => {
    let current = true;
    const [source, destination] = [picture.peers[from], picture.peers[to]];
    if (source === undefined || destination === undefined) return;
    void session.engine.why("draft", peerRef(source), peerRef(destination)).then((answers) => {
      if (current) setSentences(answers?.map(({ portsText, sentence }) => `${portsText}: ${sentence}`) ?? []);
    });
    return () => {
      current = false;
    };
  }, [session, picture, from, to]);
  return (
    <div role="status">
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  );
}
