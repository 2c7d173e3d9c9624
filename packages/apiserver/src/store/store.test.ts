import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ApiObject } from "../api-object.ts";
import { Store } from "./store.ts";
import type { Watch } from "./watch.ts";

const key = (name: string, namespace = "n") => ({ resource: "things", namespace, name });

function thing(name: string, labels: Record<string, string> = {}, namespace = "n"): ApiObject {
  return { apiVersion: "v1", kind: "Thing", metadata: { name, namespace, labels } };
}

/** `TYPE name@revision` of everything that there is to read now. */
function drain(watch: Watch | "expired"): string[] {
  if (watch === "expired") return ["expired"];
  const told: string[] = [];
  for (;;) {
    const change = watch.poll();
    if (change === undefined) return told;
    if (change === "expired") return [...told, "expired"];
    const { name, resourceVersion } = change.object.metadata;
    told.push(`${change.type} ${name}@${resourceVersion}`);
  }
}

describe("objects in the store", () => {
  it("stamps one counter into every write", () => {
    const store = new Store();
    expect(store.create(key("a"), thing("a"))?.metadata.resourceVersion).toBe("1");
    expect(store.create({ ...key("b"), resource: "others" }, thing("b"))?.metadata.resourceVersion).toBe("2");
    expect(store.update(key("a"), thing("a"), "1")).toMatchObject({ metadata: { resourceVersion: "3" } });
    expect(store.delete(key("a"))).toMatchObject({ metadata: { resourceVersion: "4" } });
    expect(store.revision).toBe(4);
  });

  it("refuses without writing", () => {
    const store = new Store();
    store.create(key("a"), thing("a"));
    expect(store.create(key("a"), thing("a"))).toBeUndefined();
    expect(store.update(key("a"), thing("a"), "9")).toBe("conflict");
    expect(store.update(key("b"), thing("b"))).toBe("absent");
    expect(store.delete(key("a"), "9")).toBe("conflict");
    expect(store.delete(key("b"))).toBe("absent");
    expect(store.revision).toBe(1);
  });

  it("gives out objects that nobody can change", () => {
    const store = new Store();
    const stored = store.create(key("a"), thing("a", { x: "y" }))!;
    expect(() => Object.assign(stored.metadata.labels!, { x: "z" })).toThrow(TypeError);
  });

  it("keeps names apart by resource and namespace, and lists in order", () => {
    const store = new Store();
    for (const [name, namespace] of [
      ["b", "m"],
      ["a", "n"],
      ["c", "m"],
    ] as const) {
      store.create(key(name, namespace), thing(name, {}, namespace));
    }
    expect(store.list("things").items.map(({ metadata }) => metadata.name)).toEqual(["b", "c", "a"]);
    expect(store.list("things", "n").items).toHaveLength(1);
    expect(store.list("others")).toEqual({ items: [], revision: 3 });
  });
});

describe("watches", () => {
  it("tells what comes after a revision, once and in order", () => {
    const store = new Store();
    store.create(key("a"), thing("a"));
    store.create(key("b"), thing("b"));
    const watch = store.watch("things", 1);
    store.update(key("a"), thing("a", { x: "1" }));
    store.delete(key("b"));
    expect(drain(watch)).toEqual(["ADDED b@2", "MODIFIED a@3", "DELETED b@4"]);
    expect(drain(watch)).toEqual([]);
    expect(drain(store.watch("things", 4))).toEqual([]);
    expect(drain(store.watch("others", 0))).toEqual([]);
  });

  it("tells a change of what is selected as a coming or a going", () => {
    const store = new Store();
    const matches = ({ metadata }: ApiObject) => metadata.labels?.app === "web";
    const watch = store.watch("things", 0, { matches, namespace: "n" });
    store.create(key("a"), thing("a"));
    store.update(key("a"), thing("a", { app: "web" }));
    store.update(key("a"), thing("a", { app: "web", v: "2" }));
    store.update(key("a"), thing("a", { app: "db" }));
    store.delete(key("a"));
    store.create(key("a", "m"), thing("a", { app: "web" }, "m"));
    expect(drain(watch)).toEqual(["ADDED a@2", "MODIFIED a@3", "DELETED a@4"]);
  });

  it("shows what went out of the selection as it last was in it", () => {
    const store = new Store();
    store.create(key("a"), thing("a", { app: "web" }));
    const matches = ({ metadata }: ApiObject) => metadata.labels?.app === "web";
    const watch = store.watch("things", 1, { matches }) as Watch;
    store.update(key("a"), thing("a", { app: "db" }));
    expect(watch.poll()).toMatchObject({
      object: { metadata: { labels: { app: "web" }, resourceVersion: "2" } },
    });
  });

  it("expires what lies before the compaction, and a reader that was overtaken", () => {
    const store = new Store();
    for (const name of ["a", "b", "c"]) store.create(key(name), thing(name));
    const slow = store.watch("things", 0);
    const upToDate = store.watch("things", 3);
    store.compact(2);
    expect(drain(slow)).toEqual(["expired"]);
    expect(drain(store.watch("things", 1))).toEqual(["expired"]);
    expect(drain(store.watch("things", 2))).toEqual(["ADDED c@3"]);
    expect(drain(upToDate)).toEqual([]);
  });

  it("expires a revision that this store has not reached", () => {
    expect(new Store().watch("things", 1)).toBe("expired");
  });

  it("keeps at least as much history as asked for, of each resource by itself, and not without bound", () => {
    const store = new Store({ history: 5 });
    store.create({ ...key("rare"), resource: "others" }, thing("rare"));
    for (let i = 0; i < 100; i++) store.create(key(`t${i}`), thing(`t${i}`));
    expect(drain(store.watch("things", store.revision - 5))).toHaveLength(5);
    expect(store.watch("things", store.revision - 10)).toBe("expired");
    expect(drain(store.watch("others", 0))).toEqual(["ADDED rare@1"]);
  });

  it("wakes a reader for a change and for its end", async () => {
    const store = new Store();
    const watch = store.watch("things", 0) as Watch;
    const woken = watch.changed();
    store.create(key("a"), thing("a"));
    await woken;
    expect(drain(watch)).toEqual(["ADDED a@1"]);
    const ended = watch.changed();
    watch.close();
    await ended;
    expect(watch.poll()).toBeUndefined();
    expect(store.watchCount).toBe(0);
  });

  it("says how far a quiet reader has come", () => {
    const store = new Store();
    const watch = store.watch("things", 0) as Watch;
    store.create({ ...key("b"), resource: "others" }, thing("b"));
    expect(drain(watch)).toEqual([]);
    expect(watch.revision).toBe(1);
  });
});

// A reader that lists at any moment and follows the watch from there must end with what the store holds.
it("list and watch together lose nothing and repeat nothing", () => {
  const write = fc.record({
    name: fc.constantFrom("a", "b", "c"),
    verb: fc.constantFrom("create", "update", "delete"),
    label: fc.constantFrom("in", "out"),
  });
  const seed = 20260102;
  fc.assert(
    fc.property(fc.array(write, { maxLength: 30 }), fc.nat(30), (writes, listAt) => {
      const store = new Store();
      const matches = ({ metadata }: ApiObject) => metadata.labels?.l === "in";
      const copy = new Map<string, string | undefined>();
      let watch: Watch | "expired" = "expired";
      const list = () => {
        const { items, revision } = store.list("things");
        for (const { metadata } of items.filter(matches)) copy.set(metadata.name, metadata.resourceVersion);
        watch = store.watch("things", revision, { matches });
      };
      for (const [index, { name, verb, label }] of writes.entries()) {
        if (index === listAt) list();
        const object = thing(name, { l: label });
        if (verb === "create") store.create(key(name), object);
        else if (verb === "update") store.update(key(name), object);
        else store.delete(key(name));
      }
      if (writes.length <= listAt) list();
      follow(watch as unknown as Watch, copy);
      const held = store.list("things").items.filter(matches);
      expect([...copy].sort()).toEqual(held.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
    }),
    { seed, numRuns: 300 },
  );
});

/** Applies all changes, and fails on one that does not fit what was told before. */
function follow(watch: Watch, copy: Map<string, string | undefined>): void {
  for (let change = watch.poll(); change !== undefined; change = watch.poll()) {
    if (change === "expired") throw new Error("expired");
    const { name, resourceVersion } = change.object.metadata;
    expect(copy.has(name)).toBe(change.type !== "ADDED");
    if (change.type === "DELETED") copy.delete(name);
    else copy.set(name, resourceVersion);
  }
}
