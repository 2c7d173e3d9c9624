import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  apply,
  configMap,
  conflicts,
  type Json,
  managedFields,
  owners,
  schemas,
  update,
} from "./apply.testing.ts";
import { compareValues } from "./compare-values.ts";
import { fieldsOf } from "./fields-of.ts";
import { decodeFields, encodeFields } from "./fields-v1.ts";
import { mergeValues } from "./merge-values.ts";
import { serverSideApply } from "./server-side-apply.ts";
import { TypedField } from "./typed-field.ts";

const seed = 1218;
const runs = { seed, numRuns: 150 };

const name = fc.constantFrom("a", "b", "c", "d");
/** Empty lists and maps have nothing in them that could be owned, so that an apply may drop them, as in Kubernetes. */
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });
const text = fc.constantFrom("1", "2", "3");
const map = fc.dictionary(name, text, { minKeys: 1, maxKeys: 4 });
const port = fc.record(
  { containerPort: fc.constantFrom(80, 443), name: text },
  { requiredKeys: ["containerPort"] },
);
const container = fc.record(
  {
    image: text,
    command: fc.array(text, { maxLength: 2 }),
    ports: fc.uniqueArray(port, {
      minLength: 1,
      maxLength: 2,
      selector: ({ containerPort }) => containerPort,
    }),
    env: fc.uniqueArray(fc.record({ name, value: text }), {
      minLength: 1,
      maxLength: 3,
      selector: (item) => item.name,
    }),
  },
  { requiredKeys: [] },
);

/** Pods with keyed lists, atomic lists, sets, maps and scalars. */
const pod = fc
  .record({
    labels: map,
    finalizers: names,
    nodeSelector: map,
    containers: fc.array(container, { minLength: 1, maxLength: 3 }),
    priority: fc.integer({ min: 0, max: 2 }),
  })
  .map(
    ({ labels, finalizers, nodeSelector, containers, priority }): Json => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", namespace: "default", labels, finalizers },
      spec: {
        nodeSelector,
        priority,
        containers: containers.map((item, i) => ({ name: `c${i}`, ...item })),
      },
    }),
  );

const field = new TypedField(schemas, { declared: {}, resolved: schemas.ofKind("", "v1", "Pod")! });

describe("server-side apply, for any objects", () => {
  it("has what was applied, and applying it again changes nothing", () => {
    const property = fc.property(pod, pod, pod, (created, first, second) => {
      const live = update(undefined, created);
      const once = apply(apply(live, first, { force: true }), second, { force: true });
      expect(compareValues(second, once, field).removed.paths()).toEqual([]);
      expect(compareValues(second, once, field).modified.paths()).toEqual([]);
      expect(apply(once, second)).toEqual(once);
    });
    fc.assert(property, runs);
  });

  it("knows no conflict between managers of the same wish", () => {
    const property = fc.property(pod, (wish) => {
      const both = apply(apply(undefined, wish), wish, { manager: "b" });
      expect(owners(both).a).toEqual(owners(both).b);
      expect(conflicts(both, wish)).toEqual([]);
    });
    fc.assert(property, runs);
  });

  it("commutes for managers of disjoint fields, and goes back when one of them lets go", () => {
    const property = fc.property(map, map, (mine, yours) => {
      const upper = Object.fromEntries(
        Object.entries(yours).map(([key, value]) => [key.toUpperCase(), value]),
      );
      const base = update(undefined, configMap({ base: "1" }));
      const a = configMap({ ...mine });
      const b = configMap({ ...upper }, { labels: upper });
      const ab = apply(apply(base, a, { manager: "a" }), b, { manager: "b" });
      const ba = apply(apply(base, b, { manager: "b" }), a, { manager: "a" });
      expect(ab).toEqual(ba);
      const nothing = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "default" } };
      const left = apply(ab, nothing, { manager: "b" });
      expect(left).toEqual(apply(base, a, { manager: "a" }));
    });
    fc.assert(property, runs);
  });

  it("leaves what others own when an applier lets go", () => {
    const property = fc.property(pod, pod, (mine, yours) => {
      const live = apply(apply(undefined, mine, { manager: "a" }), yours, { manager: "b", force: true });
      const nothing = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "default" } };
      const left = apply(live, nothing, { manager: "a" });
      expect(compareValues(yours, left, field).removed.paths()).toEqual([]);
      expect(Object.keys(owners(left))).toEqual(["b"]);
    });
    fc.assert(property, runs);
  });

  it("records owners for every field that an update changes", () => {
    const property = fc.property(pod, pod, (before, after) => {
      const old = update(undefined, before, { manager: "x" });
      const next = update(old, after, { manager: "y" });
      for (const { fieldsV1, manager } of managedFields(next)) {
        const owned = decodeFields(fieldsV1)!;
        const { modified, added, removed } = compareValues(before, after, field);
        if (manager === "x") {
          expect(owned.intersection(modified.union(added).union(removed)).paths()).toEqual([]);
        }
      }
    });
    fc.assert(property, runs);
  });
});

describe("sets of fields", () => {
  it("survive FieldsV1 and have the algebra of sets", () => {
    const property = fc.property(pod, pod, (one, other) => {
      const [a, b] = [fieldsOf(one, field), fieldsOf(other, field)];
      expect(encodeFields(decodeFields(JSON.parse(JSON.stringify(encodeFields(a))))!)).toEqual(
        encodeFields(a),
      );
      expect(a.union(b).paths()).toEqual(b.union(a).paths());
      expect(a.intersection(b).paths()).toEqual(a.difference(a.difference(b)).paths());
      expect(a.difference(b).union(a.intersection(b)).paths()).toEqual(a.paths());
      expect(a.difference(a).isEmpty).toBe(true);
    });
    fc.assert(property, runs);
  });

  it.each([
    ["x"],
    [{ "x:a": {} }],
    [{ "k:{": {} }],
    [{ "k:[]": {} }],
    [{ "f:a": 1 }],
    [{ "f:a": { ".": {}, bad: {} } }],
    [{ "i:x": {} }],
  ])("are not read from %j", (fields) => {
    expect(decodeFields(fields)).toBeUndefined();
  });

  it("order steps and escape them as Go does", () => {
    const fields = decodeFields({
      'k:{"p":443}': {},
      'k:{"p":80}': {},
      'v:"<a>"': {},
      "i:10": {},
      "i:9": {},
      "f:b": {},
      "f:a": {},
      'k:{"b":1,"a":2}': {},
    })!;
    expect(Object.keys(encodeFields(fields))).toEqual([
      "f:a",
      "f:b",
      'k:{"a":2,"b":1}',
      'k:{"p":80}',
      'k:{"p":443}',
      'v:"\\u003ca\\u003e"',
      "i:9",
      "i:10",
    ]);
  });
});

describe("hostile input", () => {
  it("is applied or refused, but never crashes the server or touches prototypes", () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const hostile = fc.dictionary(
      fc.constantFrom("metadata", "spec", "data", "__proto__", "constructor"),
      json,
    );
    const property = fc.property(hostile, hostile, (live, wish) => {
      const known = { apiVersion: "v1", kind: "Pod" };
      const metadata = { name: "p" };
      try {
        serverSideApply({
          live: { ...live, ...known },
          applied: { ...wish, ...known, metadata: { ...(wish.metadata as Json), ...metadata } },
          schema: schemas.ofKind("", "v1", "Pod"),
          schemas,
          manager: "m",
          force: true,
          subresource: "",
          apiVersion: "v1",
          now: new Date(0),
          resetFields: [],
        });
      } catch (error) {
        expect((error as Error).name).toBe("PatchError");
      }
      update({ ...live, ...known }, { ...wish, ...known });
    });
    fc.assert(property, runs);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("takes keys named __proto__ for keys", () => {
    const data = JSON.parse('{"__proto__":"1","constructor":"2","toString":"3"}') as Json;
    const live = apply(undefined, configMap(data));
    expect(JSON.stringify(live.data)).toBe('{"__proto__":"1","constructor":"2","toString":"3"}');
    expect(apply(live, configMap(data))).toEqual(live);
    expect(apply(live, configMap({})).data).toBeUndefined();
  });

  it("merges long lists in good time", () => {
    const env = Array.from({ length: 20_000 }, (_, i) => ({ name: `n${i}`, value: "x" }));
    const list = field.member("spec").member("containers").item.member("env");
    const merged = mergeValues(env, [...env].reverse(), list) as readonly unknown[];
    expect(merged).toHaveLength(20_000);
  });
});
