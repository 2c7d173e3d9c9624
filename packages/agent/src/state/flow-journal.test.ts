import { appendFile, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Reading, ToldFlow } from "@portcullis/dataplane";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FlowJournal, type FlowJournalOptions } from "./flow-journal.ts";
import { toldFileNames } from "./saved-state.ts";

const name = toldFileNames.denied;
let directory: string;
let failures: string[];
let written: number;
/** Seconds of both clocks, and how far the wall's was set. */
let at: number;
let setBy: number;
const file = () => path.join(directory, name);

beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(tmpdir(), "portcullis-journal-")), "inside");
  failures = [];
  written = 0;
  at = 1_000;
  setBy = 0;
});

afterEach(() => rm(path.dirname(directory), { recursive: true }));

const journal = (more: Partial<FlowJournalOptions> = {}) =>
  new FlowJournal({
    directory,
    name,
    nodeName: "node-1",
    bootId: "a-life",
    onWritten: () => {
      written += 1;
    },
    onFailure: ({ message }) => failures.push(message),
    now: () => (at + setBy) * 1_000,
    nowMs: () => at * 1_000,
    ...more,
  });

type Flows = Readonly<Record<string, number>>;
const flows = (packets: Flows): ReadonlyMap<string, ToldFlow> =>
  new Map(Object.entries(packets).map(([key, count]) => [key, { packets: count, expiresAtMs: 9_000_000 }]));

/** The kernel has `told`, of which `news` are new. */
const reading = (told: Flows, news: Flows = told, gone: readonly string[] = []): Reading => ({
  atMs: at * 1_000,
  told: flows(told),
  news: flows(news),
  gone,
});
const add = (to: FlowJournal, ...parts: Parameters<typeof reading>) =>
  to.add(reading(...parts), (at + setBy) * 1_000);
const problem = (of: FlowJournal) =>
  of.load().then(
    () => "none",
    (error) => `${error.problem}: ${error.message}`,
  );

test("the next agent goes on from what was told last, and knows when the kernel was read", async () => {
  const first = journal();
  expect(await first.load()).toBeUndefined();
  await add(first, { a: 1, b: 2 });
  at += 10;
  await add(first, { a: 1, b: 7, c: 1 }, { b: 7, c: 1 });
  at += 10;
  await add(first, { b: 7, c: 1 }, {}, ["a"]);
  at += 60;
  const next = journal();
  expect(await next.load()).toEqual({ told: flows({ b: 7, c: 1 }), fromMs: 1_020_000, isEven: true });
  at += 10;
  await add(next, { b: 8, c: 1 }, { b: 8 });
  expect((await journal().load())?.told).toEqual(flows({ b: 8, c: 1 }));
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual([name]);
});

test("a reading that told nothing writes nothing; the end says when the last one was", async () => {
  const first = journal();
  await add(first, {});
  at += 10;
  await add(first, {});
  expect(written).toBe(1);
  expect(await journal().load()).toEqual({ told: flows({}), fromMs: 1_000_000, isEven: true });
  await first.close();
  expect(await journal().load()).toEqual({ told: flows({}), fromMs: 1_010_000, isEven: true });
  await first.close();
  expect(written).toBe(2);
  // Whoever only went on from it says so, too.
  const next = journal();
  await next.load();
  at += 10;
  await add(next, {});
  expect(written).toBe(2);
  await next.close();
  expect(await journal().load()).toEqual({ told: flows({}), fromMs: 1_020_000, isEven: true });
});

test("what a clock that was set says is never believed to be later than it was", async () => {
  await add(journal(), { a: 1 });
  at += 60;
  const { told } = (await journal().load())!;
  setBy = 3_600;
  expect(await journal().load()).toEqual({ told, fromMs: 1_000_000, isEven: false });
  setBy = -600;
  expect(await journal().load()).toEqual({ told, fromMs: 400_000, isEven: false });
});

test("of this life of the kernel nothing has been told when the last agent was one of another", async () => {
  await add(journal(), { a: 1 });
  setBy = 600;
  const next = journal({ bootId: "another" });
  expect(await next.load()).toEqual({ told: flows({}), fromMs: 600_000, isEven: false });
  await add(next, { b: 1 });
  expect((await journal({ bootId: "another" }).load())?.told).toEqual(flows({ b: 1 }));
});

test("where the kernel does not tell which life it is in, nothing is known", async () => {
  await add(journal(), { a: 1 });
  expect(await journal({ bootId: "" }).load()).toBeUndefined();
  await add(journal({ bootId: "" }), { a: 1 });
  expect(await journal({ bootId: "" }).load()).toBeUndefined();
  expect(await journal().load()).toBeUndefined();
});

test("a line that was being written when its writer was killed is left out", async () => {
  const first = journal();
  await add(first, { a: 1 });
  const whole = await readFile(file(), "utf8");
  at += 10;
  await add(first, { a: 2, b: 1 });
  const longer = await readFile(file(), "utf8");
  for (let length = whole.length; length < longer.length; length += 7) {
    await writeFile(file(), longer.slice(0, length));
    const { told, fromMs } = (await journal().load())!;
    expect([flows({ a: 1 }), flows({ a: 2, b: 1 })]).toContainEqual(told);
    expect(fromMs).toBe(1_000_000);
  }
  await writeFile(file(), longer);
  expect(await journal().load()).toEqual({ told: flows({ a: 2, b: 1 }), fromMs: 1_010_000, isEven: true });
});

test("what is not whole, or not this node's, is refused with the reason, and written anew", async () => {
  const first = journal();
  await add(first, { a: 1 });
  const whole = await readFile(file(), "utf8");
  expect(await problem(journal({ nodeName: "node-2" }))).toMatch("OtherNode: it is of the node node-1");
  at -= 500;
  expect(await problem(journal())).toBe("Corrupted: it is of a time to come");
  at += 500;
  const [header = "", ...lines] = whole.split("\n");
  for (const [text, because] of [
    ["", "Corrupted: it is no state of an agent"],
    ["nonsense\n", "Corrupted: it is no state of an agent"],
    [whole.replace("portcullis-told 1", "portcullis-told 2"), "OtherVersion: it has version 2"],
    [whole.replace("a-life", "b-life"), "Corrupted: its first line is not what was written"],
    [whole.replace('["a",1', '["a",0'), "Corrupted: one of its lines is not what was written"],
    [`${header}\n`, "Torn: its end is missing"],
    [`${header}\n${lines[0]}\n`, "Torn: its end is missing"],
    [whole.replace("\n", "\n\n"), "Corrupted: one of its lines is not what was written"],
    ["\0".repeat(whole.length), "Corrupted: it is no state of an agent"],
  ] as const) {
    await writeFile(file(), text);
    expect(await problem(journal())).toMatch(because);
  }
  const next = journal();
  await next.load().catch(() => {});
  await add(next, { a: 3 });
  expect((await journal().load())?.told).toEqual(flows({ a: 3 }));
  await rm(file());
  await writeFile(path.join(directory, "not-a-directory"), "");
  expect(await problem(journal({ name: "not-a-directory/x" }))).toMatch("Unreadable: ENOTDIR");
});

test("very many flows are many lines, and the file does not grow for ever", async () => {
  const many = (packets: number) =>
    Object.fromEntries(Array.from({ length: 1_200 }, (_, i) => [`flow-${i}`, packets]));
  const first = journal();
  let longest = 0;
  for (let packets = 1; packets <= 40; packets += 1) {
    await add(first, many(packets));
    longest = Math.max(longest, (await stat(file())).size);
  }
  expect((await journal().load())?.told).toEqual(flows(many(40)));
  await add(first, { a: 1 }, { a: 1 }, Object.keys(many(1)));
  expect((await journal().load())?.told).toEqual(flows({ a: 1 }));
  const whole = JSON.stringify(
    [...flows(many(40))].map(([key, flow]) => [key, ...Object.values(flow)]),
  ).length;
  expect(longest).toBeLessThan(4 * whole + 64 * 1024);
});

test("a flow that the kernel never forgets is kept as such", async () => {
  const told = new Map([["a", { packets: 1, expiresAtMs: Number.POSITIVE_INFINITY }]]);
  await journal().add({ atMs: 1, told, news: told, gone: [] }, 1);
  expect((await journal().load())?.told).toEqual(told);
});

test("what cannot be written is told, and nothing is left by which it would be told again", async () => {
  const first = journal();
  await add(first, { a: 1 });
  // In its place something that cannot be appended to.
  await rm(file());
  await writeFile(path.join(path.dirname(directory), "elsewhere"), "");
  await symlink("../elsewhere", file());
  await add(first, { a: 2 });
  expect(failures).toEqual([expect.stringContaining("ELOOP")]);
  expect(await readdir(directory)).toEqual([]);
  // Not at once again; then as a whole, with what came meanwhile.
  at += 10;
  await add(first, { a: 2, b: 1 }, { b: 1 });
  expect(await readdir(directory)).toEqual([]);
  at += 30;
  await add(first, { a: 2, b: 1 }, {});
  expect((await journal().load())?.told).toEqual(flows({ a: 2, b: 1 }));
  expect([failures.length, written]).toEqual([1, 2]);
});

test("a file that somebody took away is written anew as a whole", async () => {
  const first = journal();
  await add(first, { a: 1 });
  await rm(directory, { recursive: true });
  at += 10;
  await add(first, { a: 1, b: 1 }, { b: 1 });
  expect((await journal().load())?.told).toEqual(flows({ a: 1, b: 1 }));
  await first.remove();
  expect(await readdir(directory)).toEqual([]);
  await appendFile(file(), "");
  await first.remove();
  expect(failures).toEqual([]);
});
