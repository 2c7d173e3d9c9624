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
  await settled(session);
  expect(peers(session)).toEqual({ base: ["one"], draft: ["one", "two"] });
  expect(session.snapshot()).toMatchObject({ edited: true, failure: "", busy: false });
  // Of the three edits the engine is told the last, and perhaps the first.
  expect(calls.filter((call) => call === "edit").length).toBeLessThan(3);
  session.adopt();
  await settled(session);
  expect(peers(session)).toEqual({ base: ["one", "two"], draft: ["one", "two"] });
  expect(session.snapshot().edited).toBe(false);
});

test("a draft survives a reload, until it is discarded", async () => {
  const { session, storage } = start();
  session.load([file("a.yaml", pod("one"))], "test");
  session.edit("a.yaml", pod("other"));
  await settled(session);
  const again = start(storage).session;
  again.load([file("a.yaml", pod("one"))], "test");
  await settled(again);
  expect(peers(again)).toEqual({ base: ["one"], draft: ["other"] });
  again.discard();
  await settled(again);
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
  await settled(session);
  expect(peers(session).draft).toEqual(["other"]);
});

test("files of the user's own take the place of what is there, with their draft", async () => {
  const { session, storage } = start();
  session.load([file("a.yaml", pod("one"))], "test");
  session.open([file("b.yaml", pod("b")), file("c.yaml", pod("c"))], [file("c.yaml", pod("cc"))], "mine");
  await settled(session);
  expect(peers(session)).toEqual({ base: ["b", "c"], draft: ["cc"] });
  expect(session.snapshot()).toMatchObject({ opened: true, edited: true, resumed: false });
  const again = start(storage).session;
  again.reopen([file("b.yaml", pod("b")), file("c.yaml", pod("c"))], "mine");
  await settled(again);
  expect(peers(again)).toEqual({ base: ["b", "c"], draft: ["cc"] });
  expect(again.snapshot()).toMatchObject({ opened: true, edited: true, resumed: true });
  again.open([file("d.yaml", pod("d"))], [file("d.yaml", pod("d"))], "mine");
  await settled(again);
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
  await settled(session);
});

test("an edit right after a discard is an edit of what was discarded to", async () => {
  const { session } = start();
  session.load([file("a.yaml", pod("one"))], "test");
  await settled(session);
  for (const name of ["two", "three"]) session.edit("a.yaml", pod(name));
  session.discard();
  session.edit("a.yaml", pod("four"));
  await settled(session);
  expect(peers(session)).toEqual({ base: ["one"], draft: ["four"] });
  session.discard();
  await settled(session);
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
  const engine = new Proxy({} as Engine, {
    get:
      (_, method: keyof World) =>
      async (...args: unknown[]) => {
        calls.push(method);
        await new Promise((resolve) => setTimeout(resolve, 1));
        return (world[method] as (...args: unknown[]) => unknown).apply(world, args);
      },
  });
  return { session: new Session(engine, storage), storage, calls };
}

function peers(session: Session) {
  const { base, draft } = session.snapshot();
  const names = (picture: typeof base) =>
    picture?.peers.filter(({ kind }) => kind === "workload").map(({ name }) => name);
  return { base: names(base), draft: names(draft) };
}

async function settled(session: Session): Promise<void> {
  while (session.snapshot().busy) await new Promise((resolve) => setTimeout(resolve, 2));
}
