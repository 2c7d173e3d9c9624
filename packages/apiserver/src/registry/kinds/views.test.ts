import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ApiObject } from "../../api-object.ts";
import { type RunningApi, startApi } from "../../rest/api.testing.ts";
import { jsonRequest } from "../../rest/json-request.testing.ts";
import { horizontalPodAutoscalersV1 } from "./horizontal-pod-autoscalers-v1.ts";

// Kinds that show the objects of another one in their own form.

const seed = 20261123;
let api: RunningApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

const send = (method: string, url: string, body?: unknown, headers: Record<string, string> = {}) =>
  jsonRequest(api, method, url, body, { "content-type": "application/json", ...headers });
const mergePatch = { "content-type": "application/merge-patch+json" };
const table = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };

describe("events.k8s.io/v1", () => {
  const core = "/api/v1/namespaces/default/events";
  const shown = "/apis/events.k8s.io/v1/namespaces/default/events";
  const event = {
    metadata: { name: "seen" },
    eventTime: "2026-01-02T03:04:05.000006Z",
    reportingController: "example.com/controller",
    reportingInstance: "one",
    action: "Looking",
    reason: "Seen",
    regarding: { kind: "Pod", namespace: "default", name: "web" },
    note: "it was seen",
    type: "Normal",
  };

  it("shows the core group's events, and takes new ones for both", async () => {
    const old = {
      involvedObject: { kind: "Pod", namespace: "default", name: "db" },
      reason: "Old",
      message: "m",
    };
    const more = {
      metadata: { name: "old" },
      type: "Normal",
      firstTimestamp: "2026-01-01T00:00:00Z",
      count: 3,
    };
    expect((await send("POST", core, { ...old, ...more })).code).toBe(201);
    expect((await send("GET", `${shown}/old`)).body).toMatchObject({
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      regarding: { name: "db" },
      note: "m",
      deprecatedCount: 3,
      deprecatedFirstTimestamp: "2026-01-01T00:00:00Z",
    });
    const made = await send("POST", shown, event);
    expect(made).toMatchObject({ code: 201, body: { apiVersion: "events.k8s.io/v1", note: "it was seen" } });
    expect((await send("GET", `${core}/seen`)).body).toMatchObject({
      apiVersion: "v1",
      message: "it was seen",
      involvedObject: { name: "web" },
      reportingComponent: "example.com/controller",
    });
    expect((await send("GET", `${core}/seen`)).body).not.toHaveProperty("note");
    const { body } = await send("GET", shown);
    expect(body).toMatchObject({ kind: "EventList", apiVersion: "events.k8s.io/v1" });
    expect((body.items as ApiObject[]).map(({ note }) => note)).toEqual(["m", "it was seen"]);
  });

  it("patches, deletes, selects and draws tables in its own words", async () => {
    await send("POST", shown, event);
    expect((await send("PATCH", `${shown}/seen`, { note: "again" }, mergePatch)).body).toMatchObject({
      note: "again",
    });
    expect((await send("GET", `${core}/seen`)).body).toMatchObject({ message: "again" });
    const selected = `${shown}?fieldSelector=${encodeURIComponent("involvedObject.name=web,reason=Seen")}`;
    expect((await send("GET", selected)).body.items).toHaveLength(1);
    expect((await send("GET", `${shown}?fieldSelector=reason%3DOther`)).body.items).toEqual([]);
    const rows = (await send("GET", shown, undefined, table)).body.rows as { cells: unknown[] }[];
    expect(rows[0]!.cells.slice(1, 4)).toEqual(["Normal", "Seen", "pod/web"]);
    expect((await send("DELETE", `${shown}/seen`)).code).toBe(200);
    expect((await send("GET", `${core}/seen`)).code).toBe(404);
  });

  it("is watched in its own form, whoever writes", async () => {
    const def = api.server.registry.find("events.k8s.io", "v1", "events")!;
    const watch = api.server.registry.watch(def, api.server.registry.revision, {
      matches: ({ note }) => note === "it was seen",
    });
    await send("POST", shown, event);
    await send("PATCH", `${core}/seen`, { message: "else" }, mergePatch);
    await vi.waitFor(() =>
      expect(watch.poll()).toMatchObject({ type: "ADDED", object: { note: "it was seen" } }),
    );
    expect(watch.poll()).toMatchObject({ type: "DELETED", object: { note: "it was seen" } });
    watch.close();
  });

  it("asks for what the core group does not", async () => {
    const { body, code } = await send("POST", shown, { metadata: { name: "x" }, note: "n" });
    expect(code).toBe(422);
    expect(body.message).toContain("eventTime: Required value, reportingController: Required value");
    expect(body.message).toContain('type: Unsupported value: ""');
    const strict = await send("POST", `${shown}?fieldValidation=Strict`, { ...event, message: "m" });
    expect(strict.body.message).toContain('strict decoding error: unknown field "message"');
  });
});

describe("autoscaling/v1", () => {
  const path = (version: string) =>
    `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };

  it("takes what `kubectl autoscale` makes, and v2 has it as a metric", async () => {
    const spec = { scaleTargetRef, minReplicas: 2, maxReplicas: 5, targetCPUUtilizationPercentage: 50 };
    const made = await send("POST", path("v1"), { metadata: { name: "web" }, spec });
    expect(made).toMatchObject({ code: 201, body: { apiVersion: "autoscaling/v1", spec } });
    expect((await send("GET", `${path("v2")}/web`)).body).toMatchObject({
      apiVersion: "autoscaling/v2",
      spec: { maxReplicas: 5, metrics: [{ resource: { target: { averageUtilization: 50 } } }] },
    });
    const rows = (await send("GET", path("v1"), undefined, table)).body.rows as { cells: unknown[] }[];
    expect(rows[0]!.cells.slice(0, 3)).toEqual(["web", "Deployment/web", "cpu: <unknown>/50%"]);
    const bad = await send("POST", path("v1"), { metadata: { name: "bad" }, spec: { scaleTargetRef } });
    expect(bad.code).toBe(422);
    expect(bad.body.message).toContain("spec.maxReplicas: Invalid value: 0");
  });

  it("v2 is what clients prefer", async () => {
    const { body } = await send("GET", "/apis/autoscaling");
    expect(body).toMatchObject({ preferredVersion: { version: "v2" } });
    expect((body.versions as { version: string }[]).map(({ version }) => version)).toEqual(["v2", "v1"]);
  });

  it("what v1 has no fields for comes back unharmed", () => {
    const { toStored, toShown } = horizontalPodAutoscalersV1.view!;
    const percent = fc.integer({ min: 1, max: 200 });
    const cpu = percent.map((averageUtilization) => ({
      type: "Resource",
      resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
    }));
    const other = fc.constantFrom(
      {
        type: "Resource",
        resource: { name: "memory", target: { type: "Utilization", averageUtilization: 9 } },
      },
      { type: "Pods", pods: { metric: { name: "é" }, target: { type: "AverageValue", averageValue: "1k" } } },
    );
    const scaler = fc.record({
      metrics: fc.tuple(fc.option(cpu, { nil: undefined }), fc.array(other, { maxLength: 3 })),
      behavior: fc.option(fc.constant({ scaleDown: { policies: [] } }), { nil: undefined }),
      annotations: fc.option(fc.constant({ own: "{" }), { nil: undefined }),
    });
    fc.assert(
      fc.property(scaler, ({ metrics: [first, rest], behavior, annotations }) => {
        const metrics = [...(first === undefined ? [] : [first]), ...rest];
        const object = {
          apiVersion: "autoscaling/v2",
          kind: "HorizontalPodAutoscaler",
          metadata: { name: "web", ...(annotations === undefined ? {} : { annotations }) },
          spec: {
            maxReplicas: 3,
            ...(metrics.length > 0 ? { metrics } : {}),
            ...(behavior === undefined ? {} : { behavior }),
          },
        };
        expect(toStored(toShown(object))).toEqual(object);
      }),
      { seed, numRuns: 200 },
    );
  });

  it("an annotation that is no JSON harms nobody", async () => {
    const annotations = { "autoscaling.alpha.kubernetes.io/metrics": "{" };
    const spec = { scaleTargetRef, maxReplicas: 5 };
    const made = await send("POST", path("v1"), { metadata: { name: "web", annotations }, spec });
    expect(made).toMatchObject({ code: 201, body: { spec: { targetCPUUtilizationPercentage: 80 } } });
  });
});
