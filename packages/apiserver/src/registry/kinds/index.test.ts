import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { resourceName } from "../resource-def.ts";
import { kindsWorld } from "./kinds.testing.ts";

const world = kindsWorld();
afterAll(() => world.server.close());
const { defs } = world.registry;
const stored = defs.filter(({ answer }) => answer === undefined);
/** Those that show another kind's objects share its names and columns. */
const own = defs.filter(({ view }) => view === undefined);

it("every kind has a path, a name and short names of its own", () => {
  const paths = defs.map(({ group, version, plural }) => `${group}/${version}/${plural}`);
  expect(new Set(paths).size).toBe(paths.length);
  const names = own.flatMap((def) => [...def.shortNames, ...new Set([def.plural, def.singular])]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

/** As in Kubernetes: kinds whose table has no age, or tells the time of creation. */
const ageless = ["events", "events.events.k8s.io", "podtemplates"];

it("every kind shows its name, and its age last of what is always shown but for a few", () => {
  for (const def of stored) {
    const names = def.columns.filter(({ priority }) => priority === 0).map(({ name }) => name);
    const resource = resourceName(def);
    const identifying = def.columns.filter(({ format }) => format === "name").map(({ name }) => name);
    expect([resource, identifying]).toEqual([resource, ["Name"]]);
    if (def.plural !== "events") expect([resource, names[0]]).toEqual([resource, "Name"]);
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

/** Fields that the kinds look into, so that random objects get anywhere. */
const fields = [
  ...["spec", "status", "data", "metadata", "template", "labels", "annotations", "selector", "matchLabels"],
  ...[
    "matchExpressions",
    "containers",
    "initContainers",
    "volumes",
    "volumeMounts",
    "env",
    "ports",
    "httpGet",
  ],
  ...["livenessProbe", "lifecycle", "projected", "sources", "strategy", "rollingUpdate", "updateStrategy"],
  ...["subsets", "endpoints", "addresses", "rules", "http", "paths", "backend", "jobTemplate", "versions"],
  ...["names", "schema", "openAPIV3Schema", "properties", "conditions", "type", "name", "image", "ports"],
  ...["containerStatuses", "initContainerStatuses", "state", "terminated", "waiting", "resources", "limits"],
  ...["requests", "metrics", "loadBalancer", "ingress", "tolerations", "involvedObject", "ownerReferences"],
];

const { value: anyValue } = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(null, true, 0, -1, 80, "", "a", "1", "RollingUpdate", "None", "ExternalName"),
    fc.string(),
  ),
  object: fc.dictionary(fc.constantFrom(...fields), tie("value"), { maxKeys: 5, noNullPrototype: true }),
  list: fc.array(tie("value"), { maxLength: 3 }),
  value: fc.oneof({ maxDepth: 7 }, tie("leaf"), tie("object"), tie("list")),
}));

it("no kind stumbles over any object, and its defaults are idempotent", () => {
  const now = new Date("2026-01-02T03:04:05Z");
  const property = fc.property(
    fc.constantFrom(...stored),
    fc.dictionary(fc.constantFrom(...fields), anyValue, { noNullPrototype: true }),
    (def, parts) => {
      const metadata = { name: "x", namespace: "default" };
      const object = { ...parts, apiVersion: "x", kind: def.kind, metadata };
      def.validate({ ...object, metadata: parts.metadata });
      const filled = def.defaults(object);
      expect(def.defaults(filled)).toEqual(filled);
      for (const { cell } of def.columns) cell(object, now);
      for (const read of Object.values(def.selectableFields)) expect(typeof read(object)).toBe("string");
      def.scaleSelector?.(object);
      def.deletionGraceSeconds?.(object, undefined);
      def.validateUpdate?.(filled, def.defaults({ apiVersion: "x", kind: def.kind, metadata }));
      def.warnings?.(object);
    },
  );
  fc.assert(property, { seed: 20_260_102, numRuns: 3000 });
});
