import { graphlib, layout } from "@dagrejs/dagre";
import { passageText } from "./extent-words.ts";
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
  readonly text: string;
  /** Where it is led along, past the boxes between; empty for an edge from a box to itself. */
  readonly points: readonly Point[];
  /** The middle of its text. */
  readonly label: Point;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const boxSize = { width: 190, height: 56 } as const;

/** Undefined when there is too much of it for a graph. */
export function graphOf(scene: Scene): GraphModel | undefined {
  const { boxes } = scene;
  if (boxes.length > graphLimits.boxes) return undefined;
  const freeIn = boxes.map((box) => isFree(scene, box, "ingress"));
  const freeOut = boxes.map((box) => isFree(scene, box, "egress"));
  const edges: PlainEdge[] = [];
  for (const from of boxes.keys()) {
    for (const to of boxes.keys()) {
      const through = passage(scene, boxes[from]!, boxes[to]!);
      if (through.open === 0 || (from === to && boxes[from]!.kind !== "namespace")) continue;
      // Everything from one who may send everywhere to one who takes everything: the badges say it.
      if (through.extent === "all" && freeOut[from] && freeIn[to]) continue;
      edges.push({ from, to, passage: through, text: passageText(through) });
    }
  }
  if (edges.length > graphLimits.edges) return undefined;
  const { places, routes } = layOut(boxes, edges);
  return {
    boxes: boxes.map((box, at) => ({ box, at, freeIn: freeIn[at]!, freeOut: freeOut[at]!, ...places[at]! })),
    edges: edges.map((edge, at) => ({ ...edge, ...routes[at]! })),
  };
}

type PlainEdge = Omit<GraphEdge, "points" | "label">;

/** Whether no policy isolates any member in the direction; what is outside is always free. */
function isFree({ picture }: Scene, { members }: Box, direction: "ingress" | "egress"): boolean {
  return members.every((at) => picture.peers[at]!.isolatedBy[direction].length === 0);
}

/** A letter's width and a line's height, in the edges' small face. */
const letter = { width: 6, height: 18 } as const;

function layOut(boxes: readonly Box[], edges: readonly PlainEdge[]) {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 28, ranksep: 30, edgesep: 14 });
  // By name, so that the picture is the same whatever was edited in between.
  for (const [at] of [...boxes.entries()].sort(([, a], [, b]) => (a.id < b.id ? -1 : 1))) {
    graph.setNode(String(at), { ...boxSize });
  }
  for (const { from, to, text } of edges) {
    // Room for its text, so that texts and boxes do not cover each other.
    const size = { width: text.length * letter.width + 16, height: letter.height, labelpos: "c" };
    if (from !== to) graph.setEdge(String(from), String(to), size);
  }
  layout(graph);
  const places = boxes.map((_, at): Point => {
    const { x, y } = graph.node(String(at)) as Point;
    return { x: x - boxSize.width / 2, y: y - boxSize.height / 2 };
  });
  const routes = edges.map(({ from, to }): Pick<GraphEdge, "points" | "label"> => {
    if (from === to) {
      const { x, y } = places[from]!;
      return { points: [], label: { x: x + boxSize.width / 2, y: y + boxSize.height + 14 } };
    }
    const { points, x, y } = graph.edge(String(from), String(to)) as Point & {
      readonly points: readonly Point[];
    };
    return { points, label: { x, y } };
  });
  return { places, routes };
}
