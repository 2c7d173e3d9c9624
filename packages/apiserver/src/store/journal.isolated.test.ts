import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ApiObject } from "../api-object.ts";
import { Journal, type JournalOptions } from "./journal.ts";
import { Store } from "./store.ts";

/** How many bytes the disk takes still. */
const disk = vi.hoisted(() => ({ free: Number.POSITIVE_INFINITY }));

vi.mock("node:fs", async (importOriginal) => {
  const fs = await importOriginal<typeof import("node:fs")>();
  return {
    ...fs,
    writeSync(descriptor: number, bytes: Buffer, offset: number): number {
      const length = Math.min(bytes.length - offset, disk.free);
      if (length === 0) throw new Error("ENOSPC: no space left on device, write");
      disk.free -= length;
      return fs.writeSync(descriptor, bytes, offset, length);
    },
  };
});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "portcullis-journal-"));
});
afterEach(() => {
  disk.free = Number.POSITIVE_INFINITY;
  rmSync(directory, { recursive: true });
});

const resource = "configmaps";
const key = (name: string, namespace = "default") => ({ resource, namespace, name });
const object = (name: string, value = "", namespace = "default"): ApiObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace },
  data: { value },
});

const open = (options: Partial<JournalOptions> = {}) =>
  new Store({ journal: new Journal({ directory, ...options }) });

const contents = (store: Store) => store.list(resource).items.map((each) => JSON.stringify(each));

const journalFiles = () =>
  readdirSync(directory)
    .filter((name) => name.startsWith("journal-"))
    .sort();

describe("a store with a journal", () => {
  it("has the same objects and goes on counting after it was closed and opened", async () => {
    const store = open();
    store.create(key("a"), object("a"));
    store.create(key("b"), object("b", "é\n\u2028"));
    store.update(key("a"), object("a", "2"));
    store.delete(key("b"));
    store.create(key("b", "other"), object("b", "3", "other"));
    const before = { contents: contents(store), revision: store.revision };
    await store.closeJournal();
    const again = open();
    expect({ contents: contents(again), revision: again.revision }).toEqual(before);
    // Who had seen everything goes on from there, who had not must list anew.
    expect(again.watch(resource, before.revision)).not.toBe("expired");
    expect(again.watch(resource, before.revision - 1)).toBe("expired");
    expect(again.listAt(resource, before.revision - 1)).toBeUndefined();
    expect(again.create(key("c"), object("c"))?.metadata.resourceVersion).toBe(String(before.revision + 1));
    await again.closeJournal();
  });

  it("loses nothing when it is not closed, and gives no revision twice", () => {
    const first = open();
    first.create(key("a"), object("a"));
    const seen = first.revision;
    const second = open();
    expect(contents(second)).toEqual(contents(first));
    expect(second.revision).toBeGreaterThan(seen);
    expect(second.watch(resource, seen)).toBe("expired");
    expect(second.watch(resource, second.revision)).not.toBe("expired");
    // Not even when nothing was written in between.
    expect(open().revision).toBeGreaterThan(second.revision);
  });

  it("cut off at any byte, holds what was whole, and can be written to", async () => {
    const store = open();
    const states: string[][] = [];
    const ends: number[] = [];
    const file = join(directory, journalFiles()[0]!);
    const note = () => {
      states.push(contents(store));
      ends.push(statSync(file).size);
    };
    note();
    for (const value of ["1", "ü", "3"]) {
      store.create(key(value), object(value));
      note();
    }
    store.delete(key("ü"));
    note();
    const whole = readFileSync(file);
    for (let length = ends[0]!; length <= whole.length; length++) {
      for (const name of journalFiles()) rmSync(join(directory, name));
      writeFileSync(file, whole.subarray(0, length));
      const notes: string[] = [];
      const cut = open({ note: (text) => notes.push(text) });
      const last = ends.findLastIndex((end) => end <= length);
      expect(contents(cut)).toEqual(states[last]);
      expect(notes).toHaveLength(ends[last] === length ? 0 : 1);
      cut.create(key("new"), object("new"));
      const again = open();
      expect(contents(again)).toEqual(contents(cut));
      expect(again.revision).toBeGreaterThan(Number(states.length));
      await Promise.all([cut.closeJournal(), again.closeJournal()]);
    }
  });

  it("does not trust a record whose bytes changed", async () => {
    const store = open();
    store.create(key("a"), object("a", "right"));
    const file = join(directory, journalFiles()[0]!);
    writeFileSync(file, readFileSync(file, "utf8").replace("right", "wrong"));
    const notes: string[] = [];
    expect(contents(open({ note: (text) => notes.push(text) }))).toEqual([]);
    expect(notes.join()).toMatch(/the last \d+ bytes are no whole record and were cut off/);
  });

  it("does not show a write that the disk did not take, and goes on when there is room", async () => {
    const store = open();
    store.create(key("a"), object("a"));
    const watch = store.watch(resource, store.revision);
    for (const free of [0, 1, 30]) {
      disk.free = free;
      expect(() => store.create(key("b"), object("b"))).toThrow("the journal could not be written: ENOSPC");
      expect(() => store.update(key("a"), object("a", "2"))).toThrow("ENOSPC");
      expect(() => store.delete(key("a"))).toThrow("ENOSPC");
    }
    expect(store.get(key("b"))).toBeUndefined();
    expect(store.get(key("a"))).toMatchObject({ data: { value: "" } });
    expect(watch === "expired" ? watch : watch.poll()).toBeUndefined();
    disk.free = Number.POSITIVE_INFINITY;
    store.create(key("c"), object("c"));
    await store.closeJournal();
    const again = open();
    expect(contents(again)).toEqual(contents(store));
    expect(again.revision).toBe(store.revision);
  });
});

describe("snapshots", () => {
  it("take the place of a journal that has grown", async () => {
    const store = open({ snapshotBytes: 2000 });
    for (let i = 0; i < 200; i++) {
      if (i % 3 === 2) store.delete(key(`o${(i - 1) % 7}`));
      else if (store.get(key(`o${i % 7}`)) === undefined)
        store.create(key(`o${i % 7}`), object(`o${i % 7}`, String(i)));
      else store.update(key(`o${i % 7}`), object(`o${i % 7}`, String(i)));
      if (i % 20 === 0) await vi.waitFor(() => expect(journalFiles()).toHaveLength(1));
    }
    const before = contents(store);
    await store.closeJournal();
    expect(readdirSync(directory)).toContain("snapshot");
    const bytes = journalFiles().reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
    expect(bytes).toBeLessThan(20_000);
    expect(contents(open())).toEqual(before);
  });

  it("may be followed by the journal that they replaced, and by a half-written one", async () => {
    const store = open({ snapshotBytes: 400 });
    const kept = mkdtempSync(join(tmpdir(), "portcullis-kept-"));
    for (let i = 0; i < 8; i++) {
      store.create(key(`o${i}`), object(`o${i}`));
      store.delete(key(`o${i - 1}`));
      for (const name of journalFiles()) copyFileSync(join(directory, name), join(kept, name));
    }
    await store.closeJournal();
    const files = journalFiles();
    for (const name of readdirSync(kept)) {
      if (!files.includes(name)) copyFileSync(join(kept, name), join(directory, name));
    }
    appendFileSync(join(directory, "snapshot.new"), "half of a sn");
    expect(journalFiles().length).toBeGreaterThan(files.length);
    expect(contents(open())).toEqual(contents(store));
    rmSync(kept, { recursive: true });
  });

  it("that are damaged are not passed over", async () => {
    const store = open({ snapshotBytes: 200 });
    for (let i = 0; i < 5; i++) store.create(key(`o${i}`), object(`o${i}`));
    await store.closeJournal();
    const path = join(directory, "snapshot");
    writeFileSync(path, readFileSync(path).subarray(0, -10));
    expect(() => open()).toThrow(/snapshot is damaged after \d+ of \d+ bytes/);
  });
});

it("any writes, closings and crashes end the same as in memory", async () => {
  const step = fc.record({
    name: fc.constantFrom("a", "b", "c", "d"),
    action: fc.constantFrom("put", "put", "delete", "close", "crash"),
    value: fc.string({ maxLength: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      let place = mkdtempSync(join(directory, "run-"));
      let store = open({ directory: place, snapshotBytes: 300 });
      const model = new Map<string, string>();
      let revision = 0;
      for (const { name, action, value } of steps) {
        if (action === "close") await store.closeJournal();
        // Of a crash there is what the files are at that moment; who is not dead here goes on elsewhere.
        const crashed = action === "crash" ? mkdtempSync(join(directory, "run-")) : place;
        if (action === "crash") cpSync(place, crashed, { recursive: true });
        place = crashed;
        if (action === "close" || action === "crash") store = open({ directory: place, snapshotBytes: 300 });
        if (action === "delete" && model.delete(name)) store.delete(key(name));
        if (action === "put") {
          if (model.has(name)) store.update(key(name), object(name, value));
          else store.create(key(name), object(name, value));
          model.set(name, value);
        }
        expect(store.revision).toBeGreaterThanOrEqual(revision);
        revision = store.revision;
      }
      const values = store
        .list(resource)
        .items.map(({ metadata, data }) => [metadata.name, (data as { value: string }).value]);
      expect(Object.fromEntries(values)).toEqual(Object.fromEntries(model));
      await store.closeJournal();
    }),
    { seed: 20260102, numRuns: 60 },
  );
});
