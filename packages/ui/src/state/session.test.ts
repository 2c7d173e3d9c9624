import { expect, test } from "vitest";
import type { Engine } from "../engine/engine-client.ts";
import { World } from "../engine/world.ts";
import { Session } from "./session.ts";

const pod = (name: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop}\nspec: {containers: [{name: c, image: nginx}]}\n`;
const file = (name: string, text: string) => ({ file: name, text });

test("what is shown is what the files say, after edits that come all at once", async () => {
  const { session, calls } = start();
  session.load([file("a.yaml", pod("one"))], "test");
  for (const name of ["t", "tw", "two"]) session.edit("b.yaml", pod(name));
  await session.settled();
  expect(peers(session)).toEqual({ base: ["one"], draft: ["one", "two"] });
  expect(session.snapshot()).toMatchObject({ edited: true, failure: "", busy: false });
  // Of the three edits the engine is told the last, and perhaps the first.
  expect(calls.filter((call) => call === "edit").length).toBeLessThan(3);
  session.adopt(session.snapshot().files, "test");
  await session.settled();
  expect(peers(session)).toEqual({ base: ["one", "two"], draft: ["one", "two"] });
  expect(session.snapshot().edited).toBe(false);
});

test("a draft is edited from its first key, and what was compared before is known to be old", async () => {
  const { session } = start();
  session.load([file("a.yaml", pod("one"))], "test");
  await session.settled();
  session.edit("a.yaml", pod("two"));
  expect(session.snapshot()).toMatchObject({ edited: true, busy: true });
  session.edit("a.yaml", pod("one"));
  expect(session.snapshot()).toMatchObject({ edited: false, busy: true });
  await session.settled();
  expect(session.snapshot()).toMatchObject({ edited: false, busy: false });
});

test("what was typed while a draft was applied is still a draft", async () => {
  const { session, storage } = start();
  session.load([file("a.yaml", pod("one"))], "test");
  session.edit("b.yaml", pod("two"));
  const { files } = session.snapshot();
  session.edit("b.yaml", pod("three"));
  session.adopt(files, "test");
  expect(session.snapshot()).toMatchObject({ edited: true, busy: true });
  await session.settled();
  expect(peers(session)).toEqual({ base: ["one", "two"], draft: ["one", "three"] });
  expect(storage.size).toBe(1);
  session.open([file("c.yaml", pod("four"))], [file("c.yaml", pod("four"))], "mine");
  session.adopt(files, "test");
  await session.settled();
  expect(peers(session)).toEqual({ base: ["four"], draft: ["four"] });
});

test("what the engine says of files that were left is never shown as if it were of those that were opened", async () => {
  for (const waits of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const { session, calls } = start();
    session.wantAdvice();
    const shown: string[] = [];
    session.subscribe(() => {
      const { origin, findings, judged, advised } = session.snapshot();
      const { base, draft } = peers(session);
      shown.push(`${origin}: ${base} ${draft}`);
      if (advised) expect([findings, judged]).not.toContain(undefined);
    });
    session.load([file("a.yaml", pod("one"))], "first");
    // At every moment of the work on the first.
    while (calls.length < waits && !session.snapshot().advised) await tick();
    session.open([file("b.yaml", pod("b"))], [file("b.yaml", pod("c"))], "second");
    await until(() => session.snapshot().advised);
    const of = (origin: string) => new Set(shown.filter((each) => each.startsWith(origin)));
    expect([...of("second")], `after ${waits} calls`).toEqual(["second: undefined undefined", "second: b c"]);
    expect([...of("first")].every((each) => /: (one one|undefined undefined)$/.test(each))).toBe(true);
  }
});

test("before there are files the engine is asked nothing", async () => {
  const { session, calls } = start();
  session.ask({ ranges: [{ protocol: "TCP", from: 80, to: 80 }], icmp: false });
  const leave = session.wantAdvice();
  for (let at = 0; at < 5; at++) await tick();
  expect(calls).toEqual([]);
  expect(session.snapshot()).toMatchObject({ base: undefined, judged: undefined, busy: false });
  leave();
  session.load([file("a.yaml", pod("one"))], "test");
  await session.settled();
  expect(session.snapshot()).toMatchObject({ findings: undefined, advised: false });
  // Who comes later is told what is known, and asks only what nobody asked.
  calls.length = 0;
  session.wantAdvice();
  await until(() => session.snapshot().advised);
  expect(calls).toEqual(["assertions", "lint"]);
});

test("an engine that fails once is asked on", async () => {
  const { session, failures } = start();
  failures.push("edit");
  session.load([file("a.yaml", pod("one"))], "test");
  session.edit("a.yaml", pod("two"));
  await until(() => session.snapshot().failure !== "");
  session.edit("a.yaml", pod("three"));
  await session.settled();
  expect(session.snapshot().failure).toBe("");
  expect(peers(session)).toEqual({ base: ["one"], draft: ["three"] });
});

test("a draft survives a reload, until it is discarded", async () => {
  const { session, storage } = start();
  session.load([file("a.yaml", pod("one"))], "test");
  session.edit("a.yaml", pod("other"));
  await session.settled();
  const again = start(storage).session;
  again.load([file("a.yaml", pod("one"))], "test");
  await again.settled();
  expect(peers(again)).toEqual({ base: ["one"], draft: ["other"] });
  again.discard();
  await again.settled();
  expect(peers(again)).toEqual({ base: ["one"], draft: ["one"] });
  expect(storage.size).toBe(0);
});

test("a storage that refuses, or holds rubbish, costs nothing but the draft", async () => {
  const { session, storage } = start();
  storage.set("portcullis draft of test", "[{}]");
  storage.setItem = () => {
    throw new Error("full");
  };
  session.load([file("a.yaml", pod("one"))], "test");
  session.edit("a.yaml", pod("other"));
  await session.settled();
  expect(peers(session).draft).toEqual(["other"]);
});

test("files of the user's own take the place of what is there, with their draft", async () => {
  const { session, storage } = start();
  session.load([file("a.yaml", pod("one"))], "test");
  session.open([file("b.yaml", pod("b")), file("c.yaml", pod("c"))], [file("c.yaml", pod("cc"))], "mine");
  await session.settled();
  expect(peers(session)).toEqual({ base: ["b", "c"], draft: ["cc"] });
  expect(session.snapshot()).toMatchObject({ opened: true, edited: true, resumed: false });
  const again = start(storage).session;
  again.reopen([file("b.yaml", pod("b")), file("c.yaml", pod("c"))], "mine");
  await again.settled();
  expect(peers(again)).toEqual({ base: ["b", "c"], draft: ["cc"] });
  expect(again.snapshot()).toMatchObject({ opened: true, edited: true, resumed: true });
  again.open([file("d.yaml", pod("d"))], [file("d.yaml", pod("d"))], "mine");
  await again.settled();
  expect(peers(again)).toEqual({ base: ["d"], draft: ["d"] });
});

test("a draft that is too large for the storage is not kept, and that is said", async () => {
  const { session, storage } = start();
  session.load([file("a.yaml", pod("one"))], "test");
  session.edit("a.yaml", `${pod("two")}# ${"x".repeat(2_000_000)}`);
  expect(session.snapshot().kept).toBe(false);
  session.edit("a.yaml", pod("two"));
  expect(session.snapshot().kept).toBe(true);
  expect(storage.size).toBe(1);
  await session.settled();
});

test("an edit right after a discard is an edit of what was discarded to", async () => {
  const { session } = start();
  session.load([file("a.yaml", pod("one"))], "test");
  await session.settled();
  for (const name of ["two", "three"]) session.edit("a.yaml", pod(name));
  session.discard();
  session.edit("a.yaml", pod("four"));
  await session.settled();
  expect(peers(session)).toEqual({ base: ["one"], draft: ["four"] });
  session.discard();
  await session.settled();
  expect(peers(session)).toEqual({ base: ["one"], draft: ["one"] });
});

class MapStorage extends Map<string, string> {
  getItem(key: string): string | null {
    return this.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.set(key, value);
  }
  removeItem(key: string): void {
    this.delete(key);
  }
}

function start(storage = new MapStorage()) {
  const world = new World();
  const calls: string[] = [];
  const failures: string[] = [];
  const engine = new Proxy({} as Engine, {
    get:
      (_, method: keyof World) =>
      async (...args: unknown[]) => {
        calls.push(method);
        await tick();
        if (failures[0] === method) throw new Error(`failed: ${failures.shift()}`);
        return (world[method] as (...args: unknown[]) => unknown).apply(world, args);
      },
  });
  return { session: new Session(engine, storage), storage, calls, failures };
}

function peers(session: Session) {
  const { base, draft } = session.snapshot();
  const names = (picture: typeof base) =>
    picture?.peers.filter(({ kind }) => kind === "workload").map(({ name }) => name);
  return { base: names(base), draft: names(draft) };
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await tick();
}
