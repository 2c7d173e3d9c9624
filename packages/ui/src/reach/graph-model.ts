import { graphlib, layout } from "@dagrejs/dagre";
import { type Box, type Passage, passage, type Scene } from "./scene.ts";

/** Beyond either the picture cannot be read, and drawing it takes seconds (measured in docs/web-app.md). */
export const graphLimits = { boxes: 200, edges: 600 } as const;

/** What a graph of a scene has. An edge is left out where it says nothing: see `isFree`. */
export interface GraphModel {
  readonly boxes: readonly GraphBox[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphBox {
  readonly box: Box;
  readonly at: number;
  /** Nothing restricts what comes in, and what goes out. A badge says so in place of edges to everything. */
  readonly freeIn: boolean;
  readonly freeOut: boolean;
  readonly x: number;
  readonly y: number;
}

export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  readonly passage: Passage;
}

export const boxSize = { width: 190, height: 56 } as const;

/** Undefined when there is too much of it for a graph. */
export function graphOf(scene: Scene): GraphModel | undefined {
  const { boxes } = scene;
  if (boxes.length > graphLimits.boxes) return undefined;
  const freeIn = boxes.map((box) => isFree(scene, box, "ingress"));
  const freeOut = boxes.map((box) => isFree(scene, box, "egress"));
  const edges: GraphEdge[] = [];
  for (const from of boxes.keys()) {
    for (const to of boxes.keys()) {
      const through = passage(scene, boxes[from]!, boxes[to]!);
      if (through.open === 0 || (from === to && boxes[from]!.kind !== "namespace")) continue;
      // Everything from one who may send everywhere to one who takes everything: the badges say it.
      if (through.extent === "all" && freeOut[from] && freeIn[to]) continue;
      edges.push({ from, to, passage: through });
    }
  }
  if (edges.length > graphLimits.edges) return undefined;
  const places = placesOf(boxes, edges);
  return {
    boxes: boxes.map((box, at) => ({ box, at, freeIn: freeIn[at]!, freeOut: freeOut[at]!, ...places[at]! })),
    edges,
  };
}

/** Whether no policy isolates any member in the direction; what is outside is always free. */
function isFree({ picture }: Scene, { members }: Box, direction: "ingress" | "egress"): boolean {
  return members.every((at) => picture.peers[at]!.isolatedBy[direction].length === 0);
}

function placesOf(boxes: readonly Box[], edges: readonly GraphEdge[]): { x: number; y: number }[] {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 24, ranksep: 90 });
  graph.setDefaultEdgeLabel(() => ({}));
  // By name, so that the picture is the same whatever was edited in between.
  for (const [at] of [...boxes.entries()].sort(([, a], [, b]) => (a.id < b.id ? -1 : 1))) {
    graph.setNode(String(at), { ...boxSize });
  }
  for (const { from, to } of edges) if (from !== to) graph.setEdge(String(from), String(to));
  layout(graph);
  return boxes.map((_, at) => {
    const { x, y } = graph.node(String(at)) as { readonly x: number; readonly y: number };
    return { x: x - boxSize.width / 2, y: y - boxSize.height / 2 };
  });
}
