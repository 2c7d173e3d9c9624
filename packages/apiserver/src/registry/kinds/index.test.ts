import { afterAll, expect, it } from "vitest";
import { resourceName } from "../resource-def.ts";
import { kindsWorld } from "./kinds.testing.ts";

const world = kindsWorld();
afterAll(() => world.server.close());
const { defs } = world.registry;
const stored = defs.filter(({ answer }) => answer === undefined);

it("every kind has a path, a name and short names of its own", () => {
  const paths = defs.map(({ group, version, plural }) => `${group}/${version}/${plural}`);
  expect(new Set(paths).size).toBe(paths.length);
  const names = defs.flatMap((def) => [...def.shortNames, ...new Set([def.plural, def.singular])]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

/** As in Kubernetes: kinds whose table has no age, or tells the time of creation. */
const ageless = ["events", "podtemplates"];

it("every kind shows its name, and its age last of what is always shown but for a few", () => {
  for (const def of stored) {
    const names = def.columns.filter(({ priority }) => priority === 0).map(({ name }) => name);
    const resource = resourceName(def);
    const identifying = def.columns.filter(({ format }) => format === "name").map(({ name }) => name);
    expect([resource, identifying]).toEqual([resource, ["Name"]]);
    if (resource !== "events") expect([resource, names[0]]).toEqual([resource, "Name"]);
    const aged = names.includes("Age") || names.includes("Created At");
    expect([resource, aged]).toEqual([resource, !ageless.includes(resource)]);
  }
});

it("defaults are idempotent, and columns can be told of an object without anything", () => {
  const now = new Date("2026-01-02T03:04:05Z");
  for (const def of stored) {
    const bare = { apiVersion: "x", kind: def.kind, metadata: { name: "x", namespace: "default" } };
    const filled = def.defaults(bare);
    expect([def.kind, def.defaults(filled)]).toEqual([def.kind, filled]);
    for (const column of def.columns) {
      const cell = column.cell(bare, now);
      expect([def.kind, column.name, ["string", "number", "boolean"].includes(typeof cell)]).toEqual([
        def.kind,
        column.name,
        true,
      ]);
    }
  }
});

it("no kind stumbles over values of a wrong type", () => {
  const wrong = [null, 5, "text", [], [null], { a: null }, [{}], true];
  for (const def of stored) {
    for (const value of wrong) {
      const object = { apiVersion: "x", kind: def.kind, metadata: { name: "x" }, spec: value, data: value };
      expect(() => def.validate({ ...object, template: value, subsets: value, ports: value })).not.toThrow();
      expect(() => def.defaults(object as never)).not.toThrow();
    }
  }
});
