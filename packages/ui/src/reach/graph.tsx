import {
  Background,
  Controls,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from "@xyflow/react";
import { type KeyboardEvent, useMemo } from "react";
import { boxSize, type GraphBox, type GraphEdge, type GraphModel } from "./graph-model.ts";
import type { Place } from "./matrix-geometry.ts";
import { type EdgeOfPassage, RoutedEdge } from "./routed-edge.tsx";
import "@xyflow/react/dist/style.css";
import "./graph.css";

export interface GraphProps {
  readonly model: GraphModel;
  readonly onChoose: (place: Place) => void;
  /** A namespace was opened. */
  readonly onExpand: (namespace: string) => void;
}

type BoxNode = Node<{ readonly box: GraphBox }, "box">;
const nodeTypes = { box: BoxView };
const edgeTypes = { routed: RoutedEdge };

export default function Graph({ model, onChoose, onExpand }: GraphProps) {
  const nodes = useMemo(() => model.boxes.map(nodeOf), [model]);
  const edges = useMemo(() => model.edges.map((edge) => edgeOf(edge, model)), [model]);
  const expand = ({ box: { kind, namespace } }: GraphBox) => {
    if (kind === "namespace") onExpand(namespace);
  };

  /** The library gives boxes and arrows the focus; what a click does, Enter and the space bar do. */
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter" && event.key !== " ") return;
    const focused = (event.target as Element).closest<HTMLElement | SVGElement>("[data-id]");
    const id = focused?.dataset.id;
    const box = nodes.find((node) => node.id === id)?.data.box;
    const edge = edges.find((each) => each.id === id)?.data.edge;
    if (box === undefined && edge === undefined) return;
    event.preventDefault();
    if (box !== undefined) expand(box);
    if (edge !== undefined) onChoose(edge);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the boxes and arrows inside
    <div className="graph" onKeyDown={onKeyDown}>
      <ReactFlow
        // A new picture is fitted anew.
        key={nodes.map(({ id }) => id).join()}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        fitView
        minZoom={0.1}
        nodesConnectable={false}
        nodesDraggable={false}
        edgesFocusable
        proOptions={{ hideAttribution: true }}
        colorMode="system"
        onEdgeClick={(_, { data }) => onChoose((data as EdgeOfPassage["data"]).edge)}
        onNodeClick={(_, { data }) => expand(data.box)}
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

function BoxView({ data: { box: graphBox } }: NodeProps<BoxNode>) {
  const { box, freeIn, freeOut } = graphBox;
  return (
    <div className={`box ${box.kind}`}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <strong>{box.label}</strong>
      <span className="quiet">{detailOf(graphBox)}</span>
      {box.kind !== "outside" && (freeIn || freeOut) && (
        <span className="badge" title="no policy isolates it in this direction">
          {freeIn && freeOut ? "⇄ open" : freeIn ? "→ takes all" : "← sends all"}
        </span>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}

function detailOf({ box: { kind, members, namespace } }: GraphBox): string {
  if (kind === "namespace") return members.length === 1 ? "1 workload" : `${members.length} workloads`;
  if (kind === "class") return `${namespace}, treated alike`;
  return kind === "outside" ? "outside the cluster" : namespace;
}

function nodeOf(graphBox: GraphBox): BoxNode {
  const { box, x, y } = graphBox;
  return {
    id: box.id,
    type: "box",
    position: { x, y },
    data: { box: graphBox },
    width: boxSize.width,
    height: boxSize.height,
    ariaLabel: `${box.label}, ${detailOf(graphBox)}`,
  };
}

function edgeOf(edge: GraphEdge, { boxes }: GraphModel): EdgeOfPassage {
  const [source, target] = [boxes[edge.from]!.box, boxes[edge.to]!.box];
  return {
    id: `${source.id} → ${target.id}`,
    type: "routed",
    source: source.id,
    target: target.id,
    className: edge.passage.extent,
    data: { edge },
    ariaLabel: `${source.label} to ${target.label}: ${edge.text}`,
    markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
  };
}
