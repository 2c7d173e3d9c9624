import { expect, test } from "vitest";
import { World } from "../engine/world.ts";
import { sceneOf } from "../reach/scene.ts";
import type { ProbeResult } from "../server-api.ts";
import { startView } from "../state/view-state.ts";
import { observedCells } from "./observed-cells.ts";

const pod = (name: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop}
spec: {containers: [{name: c, image: nginx}]}
---`;
const result = (source: string, destination: string, agrees?: boolean) =>
  ({
    request: { source: `shop/${source}`, destination: `shop/${destination}`, protocol: "TCP", port: 80 },
    ...(agrees !== undefined && { agrees }),
  }) as ProbeResult;

test("one probe that disagrees marks the cell, and what was not sent marks none", () => {
  const world = new World();
  world.load([{ file: "pods.yaml", text: ["a", "b", "c"].map(pod).join("") }]);
  const scene = sceneOf(world.picture("base"), startView);
  const observed = observedCells(scene, [
    result("a", "b", true),
    result("a", "b", false),
    result("a", "b", true),
    result("b", "c", true),
    result("c", "a"),
    result("gone", "a", false),
  ]);
  expect([observed(0, 1), observed(1, 2), observed(2, 0), observed(1, 0)]).toEqual([
    "disagrees",
    "agrees",
    undefined,
    undefined,
  ]);
});
