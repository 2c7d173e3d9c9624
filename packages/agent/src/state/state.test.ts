import { appendFile, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { addressFromValue, addressList, type Program } from "@portcullis/engine";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { anyProgram } from "./program.testing.ts";
import { readState } from "./read-state.ts";
import { partialFileName, type SavedState, stateFileName } from "./saved-state.ts";
import type { StateError } from "./state-error.ts";
import { writeState } from "./write-state.ts";

const seed = Number(process.env.PORTCULLIS_SEED ?? 20_261_123);

let directory: string;
const file = () => path.join(directory, stateFileName);

beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(tmpdir(), "portcullis-state-")), "deep", "inside");
});

afterEach(() => rm(path.dirname(path.dirname(directory)), { recursive: true }));

const nothing: Program = { pods: [], chains: [], addressSets: [], endpointSets: [] };
const stateOf = (program: Program): SavedState => ({
  nodeName: "node-1",
  podCidrs: ["10.244.1.0/24", "fd00:1::/64"],
  revisions: new Map([["pods", "17"]]),
  savedMs: 1_700_000_000_000,
  bootId: "a-life",
  program,
});

/** Enough for several lines, and more than one chunk. */
const large: Program = {
  ...nothing,
  addressSets: [
    {
      id: "all",
      addresses: addressList(Array.from({ length: 5_001 }, (_, i) => addressFromValue(4, BigInt(i)))),
    },
    { id: "none", addresses: addressList() },
  ],
};

async function problemOf(nodeName = "node-1"): Promise<Pick<StateError, "problem" | "podCidrs">> {
  const error: StateError = await readState(directory, nodeName).then(
    () => expect.unreachable("it was read"),
    (thrown) => thrown,
  );
  return { problem: error.problem, podCidrs: error.podCidrs };
}

test(`what is read is what was written (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(anyProgram, async (program) => {
      await writeState(directory, stateOf(program));
      expect(await readState(directory, "node-1")).toEqual(stateOf(program));
    }),
    { seed, numRuns: 40 },
  );
});

test("sets of many addresses, and of none", async () => {
  await writeState(directory, stateOf(large));
  expect((await readState(directory, "node-1"))?.program).toEqual(large);
  const lines = (await readFile(file(), "utf8")).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(30_000);
});

test("where nothing was written there is none, and that is no mistake", async () => {
  expect(await readState(directory, "node-1")).toBeUndefined();
});

test("only the owner may read it, and nothing else is left behind", async () => {
  await writeState(directory, stateOf(large));
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect(await readdir(directory)).toEqual([stateFileName]);
});

test("a write that a crash ended leaves the state before, and the next write cleans up", async () => {
  await writeState(directory, stateOf(nothing));
  await writeFile(path.join(directory, partialFileName(stateFileName)), "portcullis-program 1 ");
  expect((await readState(directory, "node-1"))?.program).toEqual(nothing);
  await writeState(directory, stateOf(large));
  expect(await readdir(directory)).toEqual([stateFileName]);
});

test("a link in the place of the file that is being written is not followed", async () => {
  await writeState(directory, stateOf(nothing));
  const elsewhere = path.join(path.dirname(directory), "elsewhere");
  await writeFile(elsewhere, "theirs");
  await symlink(elsewhere, path.join(directory, partialFileName(stateFileName)));
  await writeState(directory, stateOf(large));
  expect(await readFile(elsewhere, "utf8")).toBe("theirs");
});

describe("refused", () => {
  test("cut off anywhere: with the prefixes, as soon as the first line is whole", async () => {
    await writeState(directory, stateOf(large));
    const bytes = await readFile(file());
    const header = bytes.indexOf("\n") + 1;
    for (const length of [header, header + 1, header + 40, bytes.length - 60, bytes.length - 1]) {
      await writeFile(file(), bytes.subarray(0, length));
      expect(await problemOf(), `${length} bytes`).toEqual({
        problem: "Torn",
        podCidrs: stateOf(large).podCidrs,
      });
    }
    for (const length of [0, 1, 18, 30, header - 2]) {
      await writeFile(file(), bytes.subarray(0, length));
      expect(["Corrupted", "OtherVersion"], `${length} bytes`).toContain((await problemOf()).problem);
    }
  });

  test(`any byte changed (seed ${seed})`, async () => {
    const small = stateOf({
      ...nothing,
      pods: [{ key: "a/b", addresses: [addressFromValue(4, 0x0a00_0001n)] }],
    });
    await writeState(directory, small);
    const bytes = await readFile(file());
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at] = changed[at]! ^ change;
        await writeFile(file(), changed);
        expect(["Corrupted", "Torn", "OtherVersion", "OtherNode"]).toContain((await problemOf()).problem);
      }),
      { seed, numRuns: 100 },
    );
  });

  test("something put behind it", async () => {
    await writeState(directory, stateOf(large));
    await appendFile(file(), '{"sum":"0"}\n');
    expect((await problemOf()).problem).toBe("Corrupted");
  });

  test("another version's, and another node's: its prefixes are not ours to close", async () => {
    await writeState(directory, stateOf(nothing));
    expect(await problemOf("node-2")).toEqual({ problem: "OtherNode", podCidrs: undefined });
    const text = await readFile(file(), "utf8");
    await writeFile(file(), text.replace("portcullis-program 1", "portcullis-program 0"));
    expect(await problemOf()).toEqual({ problem: "OtherVersion", podCidrs: undefined });
  });

  test("one that cannot be read", async () => {
    await writeState(path.join(directory, stateFileName), stateOf(nothing));
    expect(await problemOf()).toEqual({ problem: "Unreadable", podCidrs: undefined });
  });
});
