import { BaseEdge, type Edge, type EdgeProps } from "@xyflow/react";
import type { GraphEdge, Point } from "./graph-model.ts";

export type EdgeOfPassage = Edge<{ readonly edge: GraphEdge }, "routed"> & {
  readonly data: { readonly edge: GraphEdge };
};

/** An arrow along the points of the layout, which lead it past the boxes between. */
export function RoutedEdge({
  id,
  sourceX,
  sourceY,
  targetX,
  targetY,
  markerEnd,
  data,
}: EdgeProps<EdgeOfPassage>) {
  if (data === undefined) return null;
  const { points, label, text } = data.edge;
  const [start, end] = [
    { x: sourceX, y: sourceY },
    { x: targetX, y: targetY },
  ];
  const [first, second] = points;
  // An arrow against the order of the layout leaves on the left and arrives on the right, past the usual places.
  const backwards = second !== undefined && second.x < start.x;
  const path =
    first === undefined
      ? loop(start, end)
      : smooth(backwards ? points : [start, ...points.slice(1, -1), end]);
  return (
    <BaseEdge
      id={id}
      path={path}
      label={text}
      labelX={label.x}
      labelY={label.y}
      labelBgPadding={[4, 2]}
      {...(markerEnd !== undefined && { markerEnd })}
    />
  );
}

/** A curve through the middles of the stretches between the points, straight at both ends. */
function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const parts = [`M ${first!.x} ${first!.y}`];
  for (const [at, point] of rest.entries()) {
    const next = rest[at + 1];
    if (next === undefined) parts.push(`L ${point.x} ${point.y}`);
    else parts.push(`Q ${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`);
  }
  return parts.join(" ");
}

/** From a box to itself, below it. */
function loop(start: Point, end: Point): string {
  const depth = Math.max(start.y, end.y) + 50;
  return `M ${start.x} ${start.y} C ${start.x + 60} ${depth} ${end.x - 60} ${depth} ${end.x} ${end.y}`;
}
