import type { Observed } from "../reach/matrix-paint.ts";
import type { Scene } from "../reach/scene.ts";
import type { ProbeResult } from "../server-api.ts";

/** What probes between pods say of the cells of a scene: of two boxes that all of them agree, or that one does not. */
export function observedCells(
  { picture, boxes }: Scene,
  results: readonly ProbeResult[],
): (from: number, to: number) => Observed | undefined {
  const boxOf = new Map(
    boxes.flatMap(({ members }, at) =>
      members.flatMap((member) => picture.peers[member]!.podNames.map((pod) => [pod, at] as const)),
    ),
  );
  const cells = new Map<number, Observed>();
  for (const { request, agrees } of results) {
    const [from, to] = [boxOf.get(request.source), boxOf.get(request.destination)];
    if (from === undefined || to === undefined || agrees === undefined) continue;
    const cell = from * boxes.length + to;
    if (!agrees) cells.set(cell, "disagrees");
    else if (!cells.has(cell)) cells.set(cell, "agrees");
  }
  return (from, to) => cells.get(from * boxes.length + to);
}
