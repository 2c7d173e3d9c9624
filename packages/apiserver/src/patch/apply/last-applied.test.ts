import { describe, expect, it } from "vitest";
import { applyJsonPatch } from "../json-patch.ts";
import {
  apply,
  at,
  configMap,
  conflicts,
  type Json,
  managedFields,
  owners,
  update,
} from "./apply.testing.ts";

const key = "kubectl.kubernetes.io/last-applied-configuration";
const annotation = (object: Json) => ((object.metadata as Json).annotations as Json | undefined)?.[key];

/** What `kubectl apply` leaves behind: the annotation, and an Update entry of its own. */
function clientSideApplied(data: Json): Json {
  const object = configMap(data);
  const created = configMap(data, { annotations: { [key]: `${JSON.stringify(object)}\n` } });
  const stored = update(undefined, created, { manager: "kubectl-client-side-apply" });
  return { ...stored, metadata: { ...(stored.metadata as Json), uid: "1", resourceVersion: "7" } };
}

describe("server-side apply over client-side apply", () => {
  it("takes over what client-side apply wrote, and keeps the annotation up to date", () => {
    const live = clientSideApplied({ a: "1", b: "1" });
    const result = apply(live, configMap({ a: "2", b: "1" }), { manager: "kubectl", now: at(1) });
    expect(result.data).toEqual({ a: "2", b: "1" });
    expect(JSON.parse(annotation(result) as string)).toEqual(configMap({ a: "2", b: "1" }));
    expect(annotation(result)).toMatch(/^\{"apiVersion":"v1","data":.*\}\n$/);
    expect(owners(result).kubectl).toEqual({ "f:data": { "f:a": {}, "f:b": {} } });
  });

  it("does so for kubectl only", () => {
    const live = clientSideApplied({ a: "1" });
    expect(conflicts(live, configMap({ a: "2" }), { manager: "helm" })).toHaveLength(1);
    const same = apply(live, configMap({ a: "1" }), { manager: "helm" });
    expect(annotation(same)).toBe(annotation(live));
  });

  it("keeps conflicts about what others changed since", () => {
    const live = clientSideApplied({ a: "1", b: "1" });
    const edited = update(live, { ...live, data: { a: "9", b: "1" } }, { manager: "kubectl-edit" });
    const refused = conflicts(edited, configMap({ a: "2", b: "2" }), { manager: "kubectl" });
    expect(refused.map(({ owner, field }) => [owner.manager, field])).toEqual([["kubectl-edit", ".data.a"]]);
  });

  it("conflicts when the annotation is of another version or no JSON", () => {
    const live = clientSideApplied({ a: "1" });
    for (const text of ["{", '{"apiVersion":"v2"}', '"x"', ""]) {
      const metadata = { ...(live.metadata as Json), annotations: { [key]: text } };
      expect(conflicts({ ...live, metadata }, configMap({ a: "2" }), { manager: "kubectl" })).toHaveLength(1);
    }
  });

  it("adds no annotation where there is none", () => {
    const result = apply(
      apply(undefined, configMap({ a: "1" }), { manager: "kubectl" }),
      configMap({ a: "2" }),
      {
        manager: "kubectl",
      },
    );
    expect(annotation(result)).toBeUndefined();
  });

  it("drops an annotation that would be too large", () => {
    const live = clientSideApplied({ a: "1" });
    const result = apply(live, configMap({ a: "x".repeat(300_000) }), { manager: "kubectl" });
    expect(annotation(result)).toBeUndefined();
  });

  it("obeys the JSON patch by which kubectl moves the old entry to its apply entry", () => {
    const live = clientSideApplied({ a: "1", b: "1" });
    const [entry] = managedFields(live);
    const moved = [{ ...entry, manager: "kubectl", operation: "Apply" }];
    const patched = applyJsonPatch(live, [
      { op: "replace", path: "/metadata/managedFields", value: moved },
      { op: "replace", path: "/metadata/resourceVersion", value: "7" },
    ]) as Json;
    const upgraded = update(live, patched, { manager: "kubectl" });
    expect(Object.keys(owners(upgraded))).toEqual(["kubectl"]);
    const pruned = apply(upgraded, configMap({ a: "1" }), { manager: "kubectl" });
    expect(pruned.data).toEqual({ a: "1" });
  });
});
