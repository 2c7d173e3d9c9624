import { useEffect, useMemo, useState } from "react";
import type { Picture } from "../engine/picture.ts";
import { Matrix } from "../reach/matrix.tsx";
import type { Place } from "../reach/matrix-geometry.ts";
import { sceneOf } from "../reach/scene.ts";
import type { ProbeResult } from "../server-api.ts";
import { useSession, useWorkspace } from "../state/context.ts";
import { startView } from "../state/view-state.ts";
import { observedCells } from "./observed-cells.ts";

export interface ProbedMatrixProps {
  /** TCP. */
  readonly port: number;
  readonly results: readonly ProbeResult[];
}

/** What is predicted at the port, with a filled corner where packets were sent, and a frame where they did otherwise. */
export function ProbedMatrix({ port, results }: ProbedMatrixProps) {
  const picture = usePictureAt(port);
  const [chosen, setChosen] = useState<Place>();
  const scene = useMemo(() => {
    if (picture === undefined) return undefined;
    const namespaces = [...new Set(picture.peers.map(({ namespace }) => namespace))];
    return sceneOf(picture, { ...startView, expanded: namespaces });
  }, [picture]);
  const observed = useMemo(() => scene && observedCells(scene, results), [scene, results]);
  if (scene === undefined || observed === undefined) return null;
  return (
    <div className="probed-matrix">
      <p className="quiet">
        Predicted at TCP {port}. A filled corner: seen so by a real packet. A thick frame: seen otherwise.
      </p>
      <Matrix scene={scene} chosen={chosen} onChoose={setChosen} observed={observed} />
    </div>
  );
}

function usePictureAt(port: number): Picture | undefined {
  const { session } = useWorkspace();
  const { base } = useSession();
  const [picture, setPicture] = useState<Picture>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when the base is
  useEffect(() => {
    let current = true;
    const ports = { ranges: [{ protocol: "TCP" as const, from: port, to: port }], icmp: false };
    void session.engine.picture("base", ports).then((drawn) => {
      if (current) setPicture(drawn);
    });
    return () => {
      current = false;
    };
  }, [session, port, base]);
  return picture;
}
