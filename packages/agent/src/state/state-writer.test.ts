import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Program } from "@portcullis/engine";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readState } from "./read-state.ts";
import { stateFileName } from "./saved-state.ts";
import { StateWriter } from "./state-writer.ts";

let directory: string;
let written = 0;
let failures: Error[] = [];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "portcullis-state-writer-"));
  written = 0;
  failures = [];
});

afterEach(() => rm(directory, { recursive: true }));

const writer = (pauseMs: number, into = directory) =>
  new StateWriter({
    directory: into,
    nodeName: "node-1",
    podCidrs: [],
    denied: "drop",
    pauseMs,
    onWritten: () => {
      written += 1;
    },
    onFailure: (error) => failures.push(error),
  });

const programNamed = (key: string): Program => ({
  pods: [{ key, addresses: [] }],
  chains: [],
  addressSets: [],
  endpointSets: [],
});
const saved = async () => (await readState(directory, "node-1"))?.program.pods[0]?.key;

test("of many programs the newest is written, once", async () => {
  const state = writer(100_000);
  state.save(programNamed("first"), new Map());
  await expect.poll(() => written).toBe(1);
  for (let i = 0; i < 100; i += 1) state.save(programNamed(`later-${i}`), new Map());
  await state.close();
  expect(written).toBe(2);
  expect(await saved()).toBe("later-99");
});

test("after the pause the next is written by itself", async () => {
  const state = writer(1);
  state.save(programNamed("one"), new Map());
  await expect.poll(() => written).toBe(1);
  state.save(programNamed("two"), new Map());
  await expect.poll(saved).toBe("two");
  await state.close();
});

test("once closed it writes nothing any more, and closing with nothing to write writes nothing", async () => {
  const state = writer(1);
  await state.close();
  state.save(programNamed("late"), new Map());
  await state.close();
  expect(written).toBe(0);
  expect(await saved()).toBeUndefined();
});

test("what cannot be written is told, and the state before stays whole", async () => {
  const state = writer(1);
  state.save(programNamed("one"), new Map());
  await expect.poll(() => written).toBe(1);
  await state.close();
  const before = await readFile(path.join(directory, stateFileName), "utf8");

  await writeFile(path.join(directory, "a-file"), "");
  const failing = writer(1, path.join(directory, "a-file", "inside"));
  failing.save(programNamed("two"), new Map());
  await expect.poll(() => failures.length).toBe(1);
  expect(failures[0]?.message).toContain("ENOTDIR");
  await failing.close();
  expect(await readFile(path.join(directory, stateFileName), "utf8")).toBe(before);
});
