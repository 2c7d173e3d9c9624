import { lazy, Suspense, useMemo } from "react";
import { peerRef } from "../engine/picture.ts";
import { useSession, useView, useWorkspace } from "../state/context.ts";
import type { Drawn } from "../state/view-state.ts";
import { CountStrip } from "./count-strip.tsx";
import { graphLimits, graphOf } from "./graph-model.ts";
import { LeftOut } from "./left-out.tsx";
import { List } from "./list.tsx";
import { Matrix } from "./matrix.tsx";
import type { Place } from "./matrix-geometry.ts";
import { NoWorkloads } from "./no-workloads.tsx";
import { ReachTools } from "./reach-tools.tsx";
import { type Box, type Scene, sceneOf } from "./scene.ts";
import { WhyPanel } from "./why-panel.tsx";
import "./reach.css";
import { Waiting } from "../shell/waiting.tsx";

const Graph = lazy(() => import("./graph.tsx"));

/** Who can talk to whom: one selection, drawn as a graph, a matrix or a list. */
export default function Reach() {
  const { draft, failure } = useSession();
  const state = useView();
  const { view } = useWorkspace();
  const { expanded, by, find, only, drawn } = state;
  const scene = useMemo(
    () => draft && sceneOf(draft, { expanded, by, find, only }),
    [draft, expanded, by, find, only],
  );
  const graph = useMemo(
    () => (scene && (drawn === "auto" || drawn === "graph") ? graphOf(scene) : undefined),
    [scene, drawn],
  );
  if (scene === undefined)
    return (
      <>
        <h1 className="only-read">Reach</h1>
        {failure === "" && <Waiting>Reading</Waiting>}
      </>
    );
  const { boxes } = scene;
  const shown: Exclude<Drawn, "auto"> =
    drawn === "list" || drawn === "matrix" ? drawn : graph ? "graph" : "matrix";
  const choose = ({ from, to }: Place) => view.go({ source: boxes[from]!.id, destination: boxes[to]!.id });
  const chosen = chosenPlace(scene, state.source, state.destination);
  return (
    <div className="reach">
      <h1 className="only-read">Reach</h1>
      <CountStrip picture={scene.picture} />
      <ReachTools shown={shown} namespaces={namespacesOf(scene)} />
      <LeftOut />
      {shown === "matrix" && (drawn === "graph" || drawn === "auto") && (
        <p className="notice" role="status">
          A graph of {boxes.length} boxes could not be read (at most {graphLimits.boxes} boxes and{" "}
          {graphLimits.edges} arrows), so this is the matrix. Close namespaces, or search, to see a graph.
        </p>
      )}
      <div className={chosen ? "reach-body with-why" : "reach-body"}>
        {boxes.length === 0 ? (
          <p>Nothing fits the search.</p>
        ) : draft?.peers.every(({ kind }) => kind === "outside") ? (
          <NoWorkloads />
        ) : shown === "graph" && graph ? (
          <Suspense fallback={<Waiting>Drawing</Waiting>}>
            <Graph
              model={graph}
              onChoose={choose}
              onExpand={(namespace) => view.go({ expanded: [...expanded, namespace] })}
            />
          </Suspense>
        ) : shown === "list" ? (
          <List scene={scene} onChoose={choose} />
        ) : (
          <Matrix scene={scene} chosen={chosen} onChoose={choose} />
        )}
        {chosen && (
          <Chosen
            from={boxes[chosen.from]!}
            to={boxes[chosen.to]!}
            scene={scene}
            onClose={() => view.go({ source: "", destination: "" })}
          />
        )}
      </div>
    </div>
  );
}

interface ChosenProps {
  readonly from: Box;
  readonly to: Box;
  readonly scene: Scene;
  readonly onClose: () => void;
}

/** Of two boxes with several members the first two peers stand for all; which, the title says. */
function Chosen({ from, to, scene: { picture }, onClose }: ChosenProps) {
  const source = picture.peers[from.members[0]!]!;
  const different = to.members.find((at) => picture.peers[at] !== source) ?? to.members[0]!;
  const destination = picture.peers[different]!;
  return (
    <WhyPanel
      title={`${source.name} → ${destination.name}`}
      source={peerRef(source)}
      destination={peerRef(destination)}
      onClose={onClose}
    />
  );
}

function chosenPlace({ boxes }: Scene, source: string, destination: string): Place | undefined {
  const from = boxes.findIndex(({ id }) => id === source);
  const to = boxes.findIndex(({ id }) => id === destination);
  return from < 0 || to < 0 ? undefined : { from, to };
}

function namespacesOf({ picture: { peers } }: Scene): readonly string[] {
  return [...new Set(peers.map(({ namespace }) => namespace))].filter((name) => name !== "").sort();
}
