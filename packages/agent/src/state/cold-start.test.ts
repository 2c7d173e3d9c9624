import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Connections, closedTable, Dataplane, table } from "@portcullis/dataplane";
import { addressFromValue, type Program, parseCidr } from "@portcullis/engine";
import { FakeNft, type Nft, NftUnavailable, plan } from "@portcullis/nft";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readBootId } from "./boot-id.ts";
import { coldStart } from "./cold-start.ts";
import { stateFileName } from "./saved-state.ts";
import { writeState } from "./write-state.ts";

let directory: string;
let nft: Nft;
const signal = new AbortController().signal;
const cidr = parseCidr("10.244.1.0/24")!;
const noConnections: Connections = { list: async () => [], cut: async () => {} };
const program: Program = {
  pods: [{ key: "a/b", addresses: [addressFromValue(4, 0x0af4_0102n)] }],
  chains: [],
  addressSets: [],
  endpointSets: [],
};

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "portcullis-cold-start-"));
  nft = new FakeNft();
});

afterEach(() => rm(directory, { recursive: true }));

async function kept(bootId?: string): Promise<void> {
  await writeState(directory, {
    nodeName: "node-1",
    podCidrs: ["10.244.1.0/24"],
    revisions: new Map([["pods", "7"]]),
    savedMs: Date.UTC(2026, 0, 31, 12),
    bootId: bootId ?? (await readBootId()),
    program,
  });
}

const start = (more: Partial<Parameters<typeof coldStart>[0]> = {}) =>
  coldStart({ directory, nodeName: "node-1", nft, afterMs: 1, isSynced: () => false, signal, ...more });

test("what was kept, when the kernel has no table and the API is not heard", async () => {
  await kept();
  expect(await start()).toEqual({
    podCidrs: ["10.244.1.0/24"],
    stored: {
      program,
      revisions: new Map([["pods", "7"]]),
      says: {
        reason: "ApiNotHeard",
        message: "what the API says is not known yet: in force is what was on 2026-01-31T12:00:00.000Z",
      },
    },
  });
});

test("of a former life of the kernel it is said that addresses may have changed", async () => {
  await kept("another-life");
  const cold = await start();
  expect(cold?.stored.says?.message).toContain("before this boot: pods with new addresses are closed");
});

test("nothing, when the API has been heard, nothing was kept, or the agent ends", async () => {
  expect(await start()).toBeUndefined();
  await kept();
  expect(await start({ isSynced: () => true })).toBeUndefined();
  expect(await start({ signal: AbortSignal.abort() })).toBeUndefined();
});

test("nothing for as long as the kernel has a table; what was kept, when somebody takes that away", async () => {
  await kept();
  await new Dataplane({ nft, connections: noConnections, podCidrs: [] }).apply(program);
  // A listing of all that stands in the table of a large cluster takes seconds, and is not asked for.
  const listed = vi.spyOn(nft, "list");
  let isOver = false;
  const cold = start({ askAgainMs: 1 }).finally(() => {
    isOver = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isOver).toBe(false);
  expect(listed).not.toHaveBeenCalled();
  await nft.run({ table, operations: [{ op: "delete table" }] });
  expect((await cold)?.stored.program).toEqual(program);
});

test("what was kept, when the kernel has nothing but what closed the node at boot", async () => {
  await kept();
  for (const transaction of plan(undefined, closedTable([cidr], "drop"))) await nft.run(transaction);
  expect((await start())?.stored.program).toEqual(program);
});

test("a state that must not be used closes what it says of the node, and nothing of another node's", async () => {
  await kept();
  const file = path.join(directory, stateFileName);
  const text = await readFile(file, "utf8");
  await writeFile(file, text.slice(0, -10));
  const torn = await start();
  expect(torn?.podCidrs).toEqual(["10.244.1.0/24"]);
  expect(torn?.stored).toMatchObject({ program: { pods: [] }, says: { reason: "StateTorn" } });
  await writeFile(file, text);
  expect(await start({ nodeName: "node-2" })).toMatchObject({
    podCidrs: undefined,
    stored: { says: { reason: "StateOtherNode" } },
  });
});

test("an nft that cannot be asked is asked again", async () => {
  await kept();
  let asked = 0;
  const failing: Nft = Object.assign(new FakeNft(), {
    list: async () => {
      asked += 1;
      if (asked === 1) throw new NftUnavailable("not there yet");
      return undefined;
    },
  });
  expect((await start({ nft: failing, askAgainMs: 1 }))?.podCidrs).toEqual(["10.244.1.0/24"]);
  expect(asked).toBe(2);
});
