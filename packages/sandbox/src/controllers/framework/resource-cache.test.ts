import { type KubeObject, type Reflection, resources } from "@portcullis/kube";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keyOf, ResourceCache } from "./resource-cache.ts";

const object = (name: string, version: number, app = "a"): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name,
    namespace: "default",
    uid: `${name}-uid`,
    resourceVersion: String(version),
    labels: { app },
  },
});
const told = (type: "upsert" | "delete", each: KubeObject): Reflection => ({
  type,
  object: each,
  resourceVersion: each.metadata.resourceVersion!,
});
const synced = (version: number, ...objects: KubeObject[]): Reflection => ({
  type: "sync",
  objects,
  resourceVersion: String(version),
});
const make = () => {
  const cache = new ResourceCache(resources.pods);
  cache.index("app", ({ metadata }) => [metadata.labels?.app ?? ""]);
  const versions = () =>
    Object.fromEntries(cache.list().map((each) => [each.metadata.name, each.metadata.resourceVersion]));
  return { cache, versions };
};

test("what we wrote is there at once; an older word of the watch does not undo it", async () => {
  const { cache, versions } = make();
  cache.take(synced(5, object("a", 3)));
  await cache.synced;
  cache.wrote(object("a", 9));
  cache.take(told("upsert", object("a", 7)));
  expect(versions()).toEqual({ a: "9" });
  cache.take(told("upsert", object("a", 9)));
  cache.take(told("upsert", object("a", 11)));
  expect(versions()).toEqual({ a: "11" });
});

test("an answer that comes after the watch has told of a deletion does not bring the object back", () => {
  const { cache, versions } = make();
  cache.take(synced(5));
  cache.take(told("upsert", object("a", 6)));
  cache.take(told("delete", object("a", 7)));
  cache.wrote(object("a", 6));
  expect(versions()).toEqual({});
});

test("what we deleted is gone at once, whatever the watch has yet to tell; its successor is another", () => {
  const { cache, versions } = make();
  cache.take(synced(5, object("a", 3)));
  cache.removed(object("a", 9));
  cache.take(told("upsert", object("a", 8)));
  expect(versions()).toEqual({});
  cache.wrote(object("a", 10));
  cache.take(told("delete", object("a", 9)));
  expect(versions()).toEqual({ a: "10" });
});

test("an index follows its objects, and listeners hear of each change once", () => {
  const { cache } = make();
  const heard: string[] = [];
  cache.onChange((now, before) =>
    heard.push(`${before?.metadata.resourceVersion ?? "-"}>${now?.metadata.resourceVersion ?? "-"}`),
  );
  cache.take(synced(5, object("a", 3), object("b", 4)));
  cache.wrote(object("a", 6, "z"));
  cache.take(told("upsert", object("a", 6, "z")));
  expect(cache.indexed("app", "a").map(keyOf)).toEqual(["default/b"]);
  expect(cache.indexed("app", "z").map(keyOf)).toEqual(["default/a"]);
  cache.take(told("delete", object("a", 8, "z")));
  expect(cache.indexed("app", "z")).toEqual([]);
  expect(heard).toEqual(["->3", "->4", "3>6", "6>-"]);
});

test("in whatever order answers and the watch's words come, it ends at the truth", () => {
  // A history of writes, and for each whether its answer is heard, and after how many further words of the watch.
  const write = fc.record({
    name: fc.constantFrom("a", "b"),
    remove: fc.boolean(),
    heard: fc.boolean(),
    delay: fc.integer({ min: -5, max: 5 }),
  });
  const property = fc.property(fc.array(write, { maxLength: 20 }), (writes) => {
    const { cache, versions } = make();
    cache.take(synced(1));
    const truth = new Map<string, string>();
    const steps: { readonly at: number; readonly run: () => void }[] = [];
    writes.forEach(({ name, remove, heard, delay }, index) => {
      const each = object(name, index + 2);
      if (remove && !truth.has(name)) return;
      if (remove) truth.delete(name);
      else truth.set(name, String(index + 2));
      steps.push({ at: index, run: () => cache.take(told(remove ? "delete" : "upsert", each)) });
      if (heard)
        steps.push({
          at: index + delay + 0.5,
          run: () => (remove ? cache.removed(each) : cache.wrote(each)),
        });
    });
    for (const { run } of steps.toSorted((a, b) => a.at - b.at)) run();
    cache.progress(1_000);
    expect(versions()).toEqual(Object.fromEntries(truth));
  });
  fc.assert(property, { seed: 20261123, numRuns: 1_000 });
});
