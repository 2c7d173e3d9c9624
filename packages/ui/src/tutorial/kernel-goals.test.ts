import { expect, test } from "vitest";
import { World } from "../engine/world.ts";
import { kernelPodsCommand, leftovers, missingPods, probeOf } from "./kernel-goals.ts";
import { steps } from "./steps.ts";

const pod = (name: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: default}\nspec: {containers: [{name: c, image: nginx}]}\n---\n`;

test("which of the pods are missing, and how they are made", () => {
  const world = new World();
  world.load([{ file: "a.yaml", text: pod("frontend") + pod("db") }]);
  expect(missingPods(world.picture("base"))).toEqual(["backend"]);
  expect(missingPods(undefined)).toEqual(["frontend", "backend", "db"]);
  for (const name of missingPods(undefined)) expect(kernelPodsCommand).toContain(`kubectl run ${name} `);
});

test("every goal between pods has a packet, and outside has none", () => {
  for (const goal of steps.flatMap(({ goals }) => goals)) {
    expect(probeOf(goal) === undefined).toBe([goal.source, goal.destination].includes("outside"));
  }
});

test("only the tutorial's own policies are taken away", () => {
  const there = ["default/backend-to-db", "default/default-deny", "default/mine", "default/theirs"];
  expect(leftovers(there, ["default/default-deny"], new Set(["default/mine"]))).toEqual([
    "default/backend-to-db",
    "default/mine",
  ]);
});
