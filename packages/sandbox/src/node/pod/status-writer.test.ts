import type { KubeClient, KubeObject } from "@portcullis/kube";
import { expect, test } from "vitest";
import type { RawPod } from "./raw-pod.ts";
import { StatusWriter } from "./status-writer.ts";

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "default" },
  spec: { containers: [] },
} as unknown as RawPod;

/** Keeps the phases that were written. */
function clientOf(phases: unknown[], onUpdate: () => void): KubeClient {
  return {
    update: async (_: unknown, object: KubeObject) => {
      phases.push((object as { status?: { phase?: string } }).status?.phase);
      onUpdate();
      return object;
    },
  } as unknown as KubeClient;
}

test("a status that is told any number of steps after a write's end is stored", async () => {
  const all = Array.from({ length: 12 }, (_, steps) => {
    const phases: unknown[] = [];
    let next: string | undefined = "Running";
    const tellNext = () => {
      let step = Promise.resolve();
      for (let i = 0; i < steps; i += 1) step = step.then(() => {});
      const phase = next;
      next = undefined;
      if (phase !== undefined) void step.then(() => writer.write({ phase }));
    };
    const writer = new StatusWriter(clientOf(phases, tellNext), pod, () => {});
    void writer.write({ phase: "Pending" });
    return { steps, phases };
  });
  await expect.poll(() => all.filter(({ phases }) => phases.join() !== "Pending,Running")).toEqual([]);
});

test("of what is told during a write the newest is stored, and whoever told it waits for it", async () => {
  const phases: unknown[] = [];
  const writer = new StatusWriter(
    clientOf(phases, () => {}),
    pod,
    () => {},
  );
  await Promise.all([
    writer.write({ phase: "1" }),
    writer.write({ phase: "2" }),
    writer.write({ phase: "3" }),
  ]);
  expect(phases).toEqual(["1", "3"]);
  await writer.write({ phase: "4" });
  expect(phases).toEqual(["1", "3", "4"]);
});
