import { useEffect, useState } from "react";
import type { PeerRef, Picture } from "../engine/picture.ts";
import type { PortFilter, Side } from "../engine/protocol.ts";
import type { WhyAnswer } from "../engine/why.ts";
import type { Session } from "../state/session.ts";

export interface Asked {
  readonly side: Side;
  /** What is shown of the side: another one asks again. */
  readonly picture: Picture | undefined;
  readonly source: PeerRef;
  readonly destination: PeerRef;
  /** All when undefined. */
  readonly ports?: PortFilter | undefined;
}

/** Why two ends may speak, or not; "gone" when one is not there. Undefined until that is known of these two. */
export function useWhy(session: Session, asked: Asked): readonly WhyAnswer[] | "gone" | undefined {
  const { side, picture, source, destination, ports } = asked;
  const [known, setKnown] = useState<{
    readonly of: string;
    readonly answers: readonly WhyAnswer[] | "gone";
  }>();
  const of = JSON.stringify([side, source, destination, ports]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `of` stands for what is asked, the picture for what it means
  useEffect(() => {
    let current = true;
    void session.engine.why(side, source, destination, ports).then((found) => {
      if (current) setKnown({ of, answers: found ?? "gone" });
    });
    return () => {
      current = false;
    };
  }, [session, of, picture]);
  // Of a draft before, an answer stands until there is a newer one; of two other ends it never does.
  return known?.of === of ? known.answers : undefined;
}
