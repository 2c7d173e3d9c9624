import { FakeNft, type ListingOptions, NftUnavailable, type Table, type TableRef } from "@portcullis/nft";
import { expect, test } from "vitest";
import { type NftCallEnd, WatchedNft } from "./watched-nft.ts";

const table = { family: "inet", name: "t" } as const;

test("calls pass through, and are counted with their time, the failed ones too", async () => {
  const fake = new FakeNft();
  let nowMs = 0;
  const nft = new WatchedNft(fake, () => (nowMs += 500));
  const ends: NftCallEnd[] = [];
  nft.onCall = (end) => ends.push(end);
  await nft.run({ table, operations: [{ op: "add table" }] });
  expect((await nft.list(table))?.name).toBe("t");
  fake.failNext(new NftUnavailable("died"));
  await expect(nft.run({ table, operations: [] })).rejects.toThrow("died");
  await nft.listTerse(table);
  expect(await nft.listElements(table, [{ name: "none" }])).toEqual(new Map());
  await nft.check({ table, operations: [] });
  expect(ends.map(({ call, failed }) => [call, failed])).toEqual([
    ["run", false],
    ["list", false],
    ["run", true],
    ["listTerse", false],
    ["listElements", false],
    ["check", false],
  ]);
  expect(ends.every(({ seconds }) => seconds === 0.5)).toBe(true);
  expect(await nft.version()).toBe(await fake.version());
  await nft.close();
  await expect(nft.run({ table, operations: [] })).rejects.toThrow("closed");
});

test("what is given up has not failed, and what is refused has", async () => {
  class Endless extends FakeNft {
    override listTerse(_: TableRef, { signal }: ListingOptions = {}): Promise<Table | undefined> {
      return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    }
    override async listElements(): Promise<never> {
      throw new NftUnavailable("died");
    }
  }
  const nft = new WatchedNft(new Endless());
  const ends: NftCallEnd[] = [];
  nft.onCall = (end) => ends.push(end);
  const giveUp = new AbortController();
  const listed = nft.listTerse(table, { signal: giveUp.signal });
  giveUp.abort();
  await expect(listed).rejects.toBe(giveUp.signal.reason);
  await expect(nft.listElements(table, [], { signal: new AbortController().signal })).rejects.toThrow("died");
  expect(ends.map(({ failed }) => failed)).toEqual([false, true]);
});

test("what is owed longest is told, until it is answered", async () => {
  let nowMs = 1_000;
  const answers: (() => void)[] = [];
  class Slow extends FakeNft {
    override run(): Promise<void> {
      return new Promise((resolve) => answers.push(resolve));
    }
  }
  const nft = new WatchedNft(new Slow(), () => nowMs);
  expect(nft.owedMs).toBe(0);
  const first = nft.run({ table, operations: [] });
  nowMs += 50;
  const second = nft.run({ table, operations: [] });
  nowMs += 7;
  expect(nft.owedMs).toBe(57);
  answers[0]!();
  await first;
  expect(nft.owedMs).toBe(7);
  answers[1]!();
  await second;
  expect(nft.owedMs).toBe(0);
});
