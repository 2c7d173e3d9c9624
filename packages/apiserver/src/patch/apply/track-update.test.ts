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
  update,
  withContainers,
} from "./apply.testing.ts";
import { unlessOnlyTimesChanged } from "./track-update.ts";

const stored = (object: Json, more: Json = {}): Json => ({
  ...object,
  metadata: { uid: "1", resourceVersion: "1", ...(object.metadata as Json), ...more },
});

describe("trackUpdate", () => {
  it("gives a new object to who made it, as real servers write it", () => {
    const template = {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "nginx", resources: {} }], restartPolicy: "Always" },
    };
    const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%" } };
    const created = update(undefined, deployment({ replicas: 1, strategy, template }), {
      manager: "kubectl-create",
    });
    expect(managedFields(created)).toEqual([
      {
        manager: "kubectl-create",
        operation: "Update",
        apiVersion: "apps/v1",
        time: "2026-01-02T03:04:00Z",
        fieldsType: "FieldsV1",
        fieldsV1: {
          "f:spec": {
            "f:replicas": {},
            "f:strategy": { "f:rollingUpdate": { ".": {}, "f:maxSurge": {} }, "f:type": {} },
            "f:template": {
              "f:metadata": { "f:labels": { ".": {}, "f:app": {} } },
              "f:spec": {
                "f:containers": {
                  ".": {},
                  'k:{"name":"web"}': { ".": {}, "f:image": {}, "f:name": {}, "f:resources": {} },
                },
                "f:restartPolicy": {},
              },
            },
          },
        },
      },
    ]);
  });

  it("moves what changed to who changed it", () => {
    const old = stored(update(undefined, configMap({ a: "1", b: "1" }), { manager: "x" }));
    const next = update(old, { ...old, data: { a: "2", c: "3" } }, { manager: "y", now: at(7) });
    expect(owners(next)).toEqual({
      x: { "f:data": {} },
      y: { "f:data": { "f:a": {}, "f:c": {} } },
    });
    expect(managedFields(next).map(({ time }) => time)).toEqual([
      "2026-01-02T03:04:00Z",
      "2026-01-02T03:04:07Z",
    ]);
  });

  it("adds to the entry that the manager has", () => {
    const old = stored(update(undefined, configMap({ a: "1" }), { manager: "x" }));
    const next = update(old, { ...old, data: { a: "1", b: "1" } }, { manager: "x", now: at(1) });
    expect(owners(next)).toEqual({ x: { "f:data": { ".": {}, "f:a": {}, "f:b": {} } } });
  });

  it("says nothing of an update that changes nothing, and nothing of what the server owns", () => {
    const old = stored(update(undefined, configMap({ a: "1" }), { manager: "x" }));
    expect(update(old, old, { manager: "y", now: at(9) })).toEqual(old);
    const renumbered = stored(old, { resourceVersion: "2", generation: 3 });
    expect(managedFields(update(old, renumbered, { manager: "y", now: at(9) }))).toEqual(managedFields(old));
  });

  it("takes fields from appliers too, so that their next apply conflicts", () => {
    const live = stored(apply(undefined, configMap({ a: "1" })));
    const next = update(live, { ...live, data: { a: "2" } }, { manager: "kubectl-edit" });
    expect(owners(next)).toEqual({ "kubectl-edit": { "f:data": { "f:a": {} } } });
    expect(conflicts(next, configMap({ a: "1" })).map(({ owner }) => owner.manager)).toEqual([
      "kubectl-edit",
    ]);
  });

  it("keeps entries of subresources apart", () => {
    const live = stored(apply(undefined, deployment({ replicas: 1 }), { manager: "kubectl" }));
    const scaled = update(
      live,
      { ...live, spec: { replicas: 5 } },
      { manager: "kubectl", subresource: "scale" },
    );
    expect(managedFields(scaled)).toEqual([
      {
        manager: "kubectl",
        operation: "Update",
        apiVersion: "apps/v1",
        time: "2026-01-02T03:04:00Z",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:spec": { "f:replicas": {} } },
        subresource: "scale",
      },
    ]);
    const ready = { ...scaled, status: { readyReplicas: 1 } };
    const reported = update(scaled, ready, { manager: "controller", subresource: "status" });
    expect(owners(reported).controller).toEqual({ "f:status": { ".": {}, "f:readyReplicas": {} } });
  });

  it("keeps managedFields from clients that do not send them, and takes what clients send", () => {
    const old = stored(update(undefined, configMap({ a: "1" }), { manager: "x" }));
    const { managedFields: _, ...metadata } = old.metadata as Json;
    expect(owners(update(old, { ...old, metadata }))).toEqual(owners(old));
    expect(owners(update(old, stored(old, { managedFields: "nonsense" })))).toEqual(owners(old));
    const entries = managedFields(old).map((entry) => ({ ...entry, manager: "renamed" }));
    expect(owners(update(old, stored(old, { managedFields: entries })))).toEqual({
      renamed: { "f:data": { ".": {}, "f:a": {} } },
    });
  });

  it.each([[[]], [[{}]]])("forgets managers at %j, until the next apply", (reset) => {
    const old = stored(update(undefined, configMap({ a: "1" }), { manager: "x" }));
    const cleared = update(old, { ...stored(old, { managedFields: reset }), data: { a: "2" } });
    expect(cleared.metadata).not.toHaveProperty("managedFields");
    const edited = update(cleared, { ...cleared, data: { a: "3" } });
    expect(edited.metadata).not.toHaveProperty("managedFields");
    expect(owners(apply(edited, configMap({ b: "1" })))).toHaveProperty("before-first-apply");
  });

  it("keeps ten entries of updates; the oldest become one", () => {
    let object = stored(update(undefined, configMap({ k0: "1" }), { manager: "m0" }));
    for (let i = 1; i <= 12; i++) {
      const data = { ...(object.data as Json), [`k${i}`]: "1" };
      object = update(object, { ...object, data }, { manager: `m${i}`, now: at(i) });
    }
    expect(managedFields(object).map(({ manager }) => manager)).toEqual([
      "ancient-changes",
      ...[4, 5, 6, 7, 8, 9, 10, 11, 12].map((i) => `m${i}`),
    ]);
    expect(owners(object)["ancient-changes"]).toEqual({
      "f:data": { ".": {}, "f:k0": {}, "f:k1": {}, "f:k2": {}, "f:k3": {} },
    });
    expect(managedFields(object)[0]!.time).toBe("2026-01-02T03:04:03Z");
  });
});

describe("unlessOnlyTimesChanged", () => {
  it("finds a write that is none", () => {
    const old = apply(undefined, withContainers({ name: "a" }));
    const later = apply(undefined, withContainers({ name: "a" }), { now: at(30) });
    expect(later).not.toEqual(old);
    expect(unlessOnlyTimesChanged(old, later)).toBe(old);
    const other = apply(old, withContainers({ name: "b" }), { now: at(30) });
    expect(unlessOnlyTimesChanged(old, other)).toBe(other);
  });
});
