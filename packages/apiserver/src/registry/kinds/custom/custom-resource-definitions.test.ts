import { afterEach, beforeEach, expect, it } from "vitest";
import { kindsWorld, now, refusal } from "../kinds.testing.ts";

let world: ReturnType<typeof kindsWorld>;
beforeEach(() => {
  world = kindsWorld();
});
afterEach(() => world.server.close());

type Fields = Readonly<Record<string, unknown>>;

const name = "gates.example.com";
const schema = {
  openAPIV3Schema: {
    type: "object",
    properties: {
      spec: {
        type: "object",
        required: ["height"],
        properties: { height: { type: "integer", minimum: 1 }, material: { type: "string", default: "oak" } },
      },
      status: { type: "object", properties: { open: { type: "boolean" } } },
    },
  },
};
const version = (more: Fields = {}) => ({ name: "v1", served: true, storage: true, schema, ...more });
const definition = (versions: readonly Fields[] = [version()], more: Fields = {}) => ({
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { kind: "Gate", plural: "gates", shortNames: ["gt"] },
    versions,
    ...more,
  },
});
const define = (...given: Parameters<typeof definition>) =>
  world.create("CustomResourceDefinition", definition(...given), name);
const served = () => world.registry.defs.filter(({ group }) => group === "example.com");

it("a definition is established at once, and its kind can be used", () => {
  const defined = define([
    version({
      additionalPrinterColumns: [
        { name: "Height", type: "integer", jsonPath: ".spec.height" },
        { name: "Since", type: "date", jsonPath: ".metadata.creationTimestamp", priority: 1 },
      ],
      selectableFields: [{ jsonPath: ".spec.material" }],
    }),
  ]);
  expect(defined.spec).toMatchObject({
    conversion: { strategy: "None" },
    names: { singular: "gate", listKind: "GateList" },
  });
  expect(defined.status).toMatchObject({
    conditions: [
      { type: "NamesAccepted", status: "True" },
      { type: "Established", status: "True", lastTransitionTime: "2026-01-02T03:04:05Z" },
    ],
    storedVersions: ["v1"],
  });
  const gate = world.create("Gate", { spec: { height: 3 } }, "main");
  expect(gate).toMatchObject({ apiVersion: "example.com/v1", spec: { height: 3, material: "oak" } });
  const def = world.defOf("Gate");
  expect(def).toMatchObject({ plural: "gates", shortNames: ["gt"], namespaced: true });
  expect(def.columns.map(({ name, priority, cell }) => [name, priority, cell(gate, now)])).toEqual([
    ["Name", 0, "main"],
    ["Height", 0, 3],
    ["Since", 1, "0s"],
  ]);
  expect(def.selectableFields["spec.material"]!(gate)).toBe("oak");
});

it("its objects are held to the schema, and to the rules of names", () => {
  define();
  expect(refusal(() => world.create("Gate", { spec: { height: 0 } }))).toBe(
    'Gate.example.com "web" is invalid: spec.height: Invalid value: 0: spec.height in body should be greater than or equal to 1',
  );
  expect(refusal(() => world.create("Gate", { spec: { height: 1 } }, "Main"))).toContain("metadata.name");
});

it("versions come and go with the definition, and objects with the last of them", () => {
  define([version(), version({ name: "v2", storage: false })]);
  expect(served().map((def) => def.version)).toEqual(["v1", "v2"]);
  world.create("Gate", { spec: { height: 3 } }, "main");
  world.update("CustomResourceDefinition", definition([version({ served: true })]), name);
  expect(served().map((def) => def.version)).toEqual(["v1"]);
  const { revision } = world.registry;
  world.registry.delete(world.defOf("CustomResourceDefinition"), name);
  expect(served()).toEqual([]);
  expect(world.server.store.list(name).items).toEqual([]);
  expect(world.registry.revision).toBe(revision + 2);
});

it("a status of its own is not set on creation, and scaling follows the usual paths", () => {
  const scale = {
    specReplicasPath: ".spec.replicas",
    statusReplicasPath: ".status.replicas",
    labelSelectorPath: ".status.selector",
  };
  define([version({ subresources: { status: {}, scale } })]);
  const def = world.defOf("Gate");
  expect(def.subresources).toEqual(["status", "scale"]);
  const gate = world.create("Gate", { spec: { height: 3 }, status: { open: true } }, "main");
  expect(gate).not.toHaveProperty("status");
  expect(def.scaleSelector!({ ...gate, status: { selector: "a=b" } })).toBe("a=b");
});

it("a kind of Kubernetes itself is not replaced", () => {
  const before = world.defOf("NetworkPolicy");
  const names = { kind: "NetworkPolicy", plural: "networkpolicies" };
  const metadata = { annotations: { "api-approved.kubernetes.io": "unapproved" } };
  const { spec } = definition([version()], { group: "networking.k8s.io", names });
  world.create("CustomResourceDefinition", { metadata, spec }, "networkpolicies.networking.k8s.io");
  expect(world.registry.find("networking.k8s.io", "v1", "networkpolicies")).toBe(before);
});

it("what a definition does not get is told", () => {
  const rules = { openAPIV3Schema: { type: "object", "x-kubernetes-validations": [{ rule: "true" }] } };
  const def = world.defOf("CustomResourceDefinition");
  const warnings = (versions: readonly Fields[]) =>
    def.warnings!({
      apiVersion: "",
      kind: "",
      metadata: { name },
      ...definition(versions, { conversion: { strategy: "Webhook" } }),
    });
  const scale = { specReplicasPath: ".spec.size", statusReplicasPath: ".status.replicas" };
  const noWebhook = "spec.conversion: this server does not call webhooks; versions differ in their name only";
  expect(warnings([version()])).toEqual([noWebhook]);
  expect(warnings([version(), version({ schema: rules, subresources: { scale } })])).toEqual([
    noWebhook,
    "spec.versions[1].schema: this server does not evaluate x-kubernetes-validations",
    "spec.versions[1].subresources.scale: this server scales by .spec.replicas and .status.replicas only",
  ]);
});

it.each<[string, Fields, string]>([
  [
    "names",
    definition([version()], { names: { kind: "Gate", plural: "doors" } }),
    `metadata.name: Invalid value: "${name}": must be spec.names.plural+"."+spec.group`,
  ],
  [
    "storage",
    definition([version({ storage: false })]),
    'spec.versions: Invalid value: ["v1"]: must have exactly one version marked as storage version',
  ],
  [
    "schema",
    definition([version({ schema: undefined })]),
    "spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required",
  ],
  [
    "scope",
    definition([version()], { scope: "Galactic" }),
    'spec.scope: Unsupported value: "Galactic": supported values: "Cluster", "Namespaced"',
  ],
])("refuses %s", (_, fields, message) => {
  expect(refusal(() => world.create("CustomResourceDefinition", fields, name))).toBe(
    `CustomResourceDefinition.apiextensions.k8s.io "${name}" is invalid: ${message}`,
  );
});

it("groups of Kubernetes need an approval, and what is defined keeps its names", () => {
  const names = { kind: "Gate", plural: "gates" };
  const guarded = definition([version()], { group: "x.k8s.io", names });
  expect(refusal(() => world.create("CustomResourceDefinition", guarded, "gates.x.k8s.io"))).toContain(
    "metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation",
  );
  define();
  const changed = definition([version()], { scope: "Cluster" });
  expect(refusal(() => world.update("CustomResourceDefinition", changed, name))).toContain(
    'spec.scope: Invalid value: "Cluster": field is immutable',
  );
});
