import { describe, expect, it } from "vitest";
import {
  apply,
  at,
  configMap,
  conflicts,
  deployment,
  type Json,
  managedFields,
  owners,
  schemas,
  update,
  withContainers,
} from "./apply.testing.ts";
import { conflictStatus } from "./conflicts.ts";
import { resetFields } from "./reset-fields.ts";
import { serverSideApply } from "./server-side-apply.ts";

const spec = (object: Json) => object.spec as Json;
const data = (object: Json) => object.data;

describe("serverSideApply", () => {
  it("creates an object that its applier owns", () => {
    const labels = { app: "web" };
    const created = apply(undefined, {
      ...deployment(
        {
          replicas: 2,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: "web", image: "nginx", ports: [{ containerPort: 80 }] }] },
          },
        },
        { labels },
      ),
    });
    expect(managedFields(created)).toEqual([
      {
        manager: "a",
        operation: "Apply",
        apiVersion: "apps/v1",
        time: "2026-01-02T03:04:00Z",
        fieldsType: "FieldsV1",
        fieldsV1: {
          "f:metadata": { "f:labels": { "f:app": {} } },
          "f:spec": {
            "f:replicas": {},
            "f:selector": {},
            "f:template": {
              "f:metadata": { "f:labels": { "f:app": {} } },
              "f:spec": {
                "f:containers": {
                  'k:{"name":"web"}': {
                    ".": {},
                    "f:image": {},
                    "f:name": {},
                    "f:ports": {
                      'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ]);
  });

  it("changes nothing when it is repeated, later too", () => {
    const first = apply(undefined, configMap({ a: "1" }));
    expect(apply(first, configMap({ a: "1" }), { now: at(9) })).toEqual(first);
  });

  it("removes what its manager applies no more", () => {
    const first = apply(undefined, configMap({ a: "1", b: "2" }, { labels: { x: "y" } }));
    const second = apply(first, configMap({ a: "1" }), { now: at(5) });
    expect(data(second)).toEqual({ a: "1" });
    expect((second.metadata as Json).labels).toBeUndefined();
    expect(owners(second)).toEqual({ a: { "f:data": { "f:a": {} } } });
    expect(managedFields(second)[0]!.time).toBe("2026-01-02T03:04:05Z");
  });

  it("removes whole items of lists, and only what it owned", () => {
    const two = withContainers({ name: "web", image: "nginx" }, { name: "log", image: "x" });
    const live = apply(apply(undefined, two), withContainers({ name: "aux", image: "y" }), { manager: "b" });
    const result = apply(live, withContainers({ name: "web", image: "nginx" }));
    expect(spec(result)).toEqual({
      template: {
        spec: {
          containers: [
            { name: "web", image: "nginx" },
            { name: "aux", image: "y" },
          ],
        },
      },
    });
  });

  it("leaves a removed field to others who own it", () => {
    const shared = apply(apply(undefined, configMap({ a: "1", b: "2" })), configMap({ b: "2" }), {
      manager: "b",
    });
    const result = apply(shared, configMap({ a: "1" }));
    expect(data(result)).toEqual({ a: "1", b: "2" });
    expect(owners(result)).toEqual({ a: { "f:data": { "f:a": {} } }, b: { "f:data": { "f:b": {} } } });
  });

  it("shares a field that two managers want alike", () => {
    const shared = apply(apply(undefined, configMap({ a: "1" })), configMap({ a: "1" }), { manager: "b" });
    expect(owners(shared)).toEqual({ a: { "f:data": { "f:a": {} } }, b: { "f:data": { "f:a": {} } } });
  });

  it("refuses to change what another applier owns, unless forced", () => {
    const live = apply(undefined, configMap({ a: "1", b: "1" }));
    const wish = configMap({ a: "2" });
    const refused = conflicts(live, wish, { manager: "b" });
    expect(conflictStatus(refused)).toEqual({
      message: 'Apply failed with 1 conflict: conflict with "a": .data.a',
      details: {
        causes: [{ reason: "FieldManagerConflict", message: 'conflict with "a"', field: ".data.a" }],
      },
    });
    const forced = apply(live, wish, { manager: "b", force: true });
    expect(data(forced)).toEqual({ a: "2", b: "1" });
    expect(owners(forced)).toEqual({ a: { "f:data": { "f:b": {} } }, b: { "f:data": { "f:a": {} } } });
  });

  it("names every conflict, by manager", () => {
    const base = deployment({ replicas: 1, paused: true, minReadySeconds: 1 });
    const created = update(undefined, base, { manager: "kubectl-client-side-apply" });
    const live = update(created, deployment({ replicas: 1, paused: true, minReadySeconds: 2 }), {
      manager: "zed",
      subresource: "scale",
    });
    const refused = conflicts(live, deployment({ replicas: 3, paused: false, minReadySeconds: 3 }));
    const { message, details } = conflictStatus(refused);
    expect(message.split("\n")).toEqual([
      'Apply failed with 3 conflicts: conflicts with "kubectl-client-side-apply" using apps/v1:',
      "- .spec.paused",
      "- .spec.replicas",
      'conflicts with "zed" with subresource "scale" using apps/v1:',
      "- .spec.minReadySeconds",
    ]);
    expect(details.causes[0]).toEqual({
      reason: "FieldManagerConflict",
      message: 'conflict with "kubectl-client-side-apply" using apps/v1',
      field: ".spec.paused",
    });
  });

  it("names items of lists by their keys", () => {
    const container = (image: string, hostPort: number) =>
      withContainers({ name: "web", image, ports: [{ containerPort: 80, hostPort }] });
    const live = apply(undefined, container("a", 1));
    expect(conflicts(live, container("b", 2), { manager: "b" }).map(({ field }) => field)).toEqual([
      '.spec.template.spec.containers[name="web"].image',
      '.spec.template.spec.containers[name="web"].ports[containerPort=80,protocol="TCP"].hostPort',
    ]);
  });

  it("takes a port without protocol for the TCP port that is there", () => {
    const withProtocol = withContainers({ name: "w", ports: [{ containerPort: 80, protocol: "TCP" }] });
    const live = update(undefined, withProtocol);
    const result = apply(live, withContainers({ name: "w", ports: [{ containerPort: 80, name: "http" }] }));
    expect(spec(result)).toEqual({
      template: {
        spec: { containers: [{ name: "w", ports: [{ containerPort: 80, protocol: "TCP", name: "http" }] }] },
      },
    });
  });

  it("owns atomic lists and maps whole", () => {
    const live = apply(undefined, withContainers({ name: "w", command: ["a", "b"] }));
    const wish = withContainers({ name: "w", command: ["a"] });
    expect(conflicts(live, wish, { manager: "b" }).map(({ field }) => field)).toEqual([
      '.spec.template.spec.containers[name="w"].command',
    ]);
    const selected = apply(undefined, deployment({ selector: { matchLabels: { a: "1" } } }));
    expect(owners(selected)).toEqual({ a: { "f:spec": { "f:selector": {} } } });
  });

  it("merges sets", () => {
    const live = apply(undefined, configMap({}, { finalizers: ["x/a"] }));
    const both = apply(live, configMap({}, { finalizers: ["x/b"] }), { manager: "b" });
    expect((both.metadata as Json).finalizers).toEqual(["x/a", "x/b"]);
    const one = apply(both, configMap({}));
    expect((one.metadata as Json).finalizers).toEqual(["x/b"]);
    expect(owners(one).b).toEqual({ "f:data": {}, "f:metadata": { "f:finalizers": { 'v:"x/b"': {} } } });
  });

  it("puts applied items in the order applied, others beside their neighbours", () => {
    const live = apply(undefined, withContainers({ name: "a" }, { name: "x" }, { name: "b" }));
    const result = apply(live, withContainers({ name: "b" }, { name: "new" }, { name: "a" }), {
      manager: "b",
    });
    const { containers } = (spec(result).template as { spec: { containers: readonly Json[] } }).spec;
    expect(containers.map(({ name }) => name)).toEqual(["x", "b", "new", "a"]);
  });

  it("keeps live items that have no name or share one", () => {
    const nameless = [{ image: "x" }, { name: "a", image: "1" }, { name: "a", image: "2" }, { name: "b" }];
    const live = withContainers(...nameless);
    const result = apply(live, withContainers({ name: "b", image: "3" }), { manager: "b" });
    expect(spec(result)).toEqual({
      template: {
        spec: { containers: [...nameless.slice(0, 3), { name: "b", image: "3" }] },
      },
    });
    const replaced = apply(live, withContainers({ name: "a", image: "3" }), { manager: "b", force: true });
    expect(spec(replaced)).toEqual({
      template: { spec: { containers: [{ image: "x" }, { name: "a", image: "3" }, { name: "b" }] } },
    });
  });

  it("gives an object without managers a past, so that nothing is taken silently", () => {
    const live = configMap({ a: "1", b: "2" });
    expect(conflicts(live, configMap({ a: "2" })).map(({ owner }) => owner.manager)).toEqual([
      "before-first-apply",
    ]);
    expect(owners(apply(live, configMap({ c: "3" })))).toEqual({
      a: { "f:data": { "f:c": {} } },
      "before-first-apply": { "f:data": { ".": {}, "f:a": {}, "f:b": {} } },
    });
  });

  it("owns the status of a kind that has no endpoint for it", () => {
    const applied = { ...deployment({ replicas: 1 }), status: { replicas: 1 } };
    const request = { live: undefined, applied, schema: undefined, schemas, manager: "a", force: false };
    const result = serverSideApply({
      ...request,
      subresource: "",
      apiVersion: "apps/v1",
      now: at(0),
      resetFields: resetFields("", { hasStatus: false }),
    });
    expect("object" in result && owners(result.object)).toEqual({
      a: { "f:spec": { ".": {}, "f:replicas": {} }, "f:status": { ".": {}, "f:replicas": {} } },
    });
  });

  it("keeps the status to itself under its subresource, and out of the object's own applies", () => {
    const live = apply(undefined, { ...deployment({ replicas: 1 }), status: { replicas: 9 } });
    expect(owners(live)).toEqual({ a: { "f:spec": { "f:replicas": {} } } });
    const wish = { ...deployment({ replicas: 5 }), status: { replicas: 1 } };
    const status = apply(live, wish, { manager: "s", subresource: "status", force: true });
    expect(
      managedFields(status).map(({ manager, subresource, fieldsV1 }) => [manager, subresource, fieldsV1]),
    ).toEqual([
      ["a", undefined, { "f:spec": { "f:replicas": {} } }],
      ["s", "status", { "f:status": { "f:replicas": {} } }],
    ]);
  });

  it("loses its entry when it owns nothing any more", () => {
    const live = apply(apply(undefined, configMap({ a: "1" })), configMap({ b: "1" }), { manager: "b" });
    const bare = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "default" } };
    const result = apply(live, bare);
    expect(owners(result)).toEqual({ b: { "f:data": { "f:b": {} } } });
    expect(data(result)).toEqual({ b: "1" });
    expect((result.metadata as Json).name).toBe("c");
  });

  it("null lets a field go", () => {
    const live = update(undefined, deployment({ replicas: 1, paused: true }));
    const result = apply(live, deployment({ paused: null }), { force: true });
    expect(spec(result)).toEqual({ replicas: 1 });
  });
});

describe("serverSideApply: what cannot be applied", () => {
  const refusal = (applied: Json) => {
    try {
      apply(undefined, applied);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };
  const prefix = "failed to create typed patch object (default/web; apps/v1, Kind=Deployment): ";

  it.each([
    [deployment({ foo: 1 }), `${prefix}.spec.foo: field not declared in schema`],
    [
      withContainers({ image: "x" }),
      `${prefix}.spec.template.spec.containers: element 0: associative list with keys has an element that omits key field "name" (and doesn't have default value)`,
    ],
    [
      withContainers({ name: "x" }, { name: "x" }),
      `${prefix}.spec.template.spec.containers: duplicate entries for key [name="x"]`,
    ],
    [deployment({ replicas: "1" }), `${prefix}.spec.replicas: expected numeric (int or float), got string`],
    [
      deployment({ template: [] }),
      `${prefix}.spec.template: expected map, got &value.valueUnstructured{Value:[]}`,
    ],
    [configMap({}, { managedFields: [] }), "metadata.managedFields must be nil"],
  ])("%j", (applied, message) => {
    expect(refusal(applied)).toBe(message);
  });

  it("refuses another version than the endpoint's", () => {
    const request = { live: undefined, applied: configMap({}), schema: undefined, schemas, manager: "a" };
    expect(() =>
      serverSideApply({
        ...request,
        force: false,
        subresource: "",
        apiVersion: "v2",
        now: at(0),
        resetFields: [],
      }),
    ).toThrow("Incorrect version specified in apply patch. Specified patch version: v1, expected: v2");
  });
});
