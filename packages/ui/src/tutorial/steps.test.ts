import { expect, test } from "vitest";
import { World } from "../engine/world.ts";
import { tutorialCluster } from "./cluster.ts";
import { isReached, steps } from "./steps.ts";

test("each solution reaches its goals, and without it one is missed", () => {
  const world = new World();
  world.load(tutorialCluster);
  for (const { title, policy, goals } of steps) {
    const missed = () =>
      goals.filter((goal) => !isReached(goal, world.picture("draft"))).map(({ says }) => says);
    // Half a connection shows nothing, which is its lesson.
    if (policy !== undefined && !title.includes("half")) expect(missed(), `${title}, before`).not.toEqual([]);
    if (policy !== undefined) world.edit(policy.file, policy.solution);
    expect(missed(), title).toEqual([]);
    expect(world.edit("none", undefined).diagnostics).toEqual([]);
  }
});
