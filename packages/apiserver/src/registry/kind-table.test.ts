import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningApi, startApi } from "../rest/api.testing.ts";
import { jsonRequest } from "../rest/json-request.testing.ts";
import type { ResourceDef } from "./resource-def.ts";

let api: RunningApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

const widgets = (version: string): ResourceDef => ({
  group: "example.org",
  version,
  kind: "Widget",
  plural: "widgets",
  singular: "widget",
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: [],
  behaviour: "full",
  countsGeneration: true,
  columns: [],
  selectableFields: {},
  defaults: (object) => object,
  validate: () => [],
  schema: {
    type: "object",
    properties: { spec: { type: "object", properties: { size: { type: "integer", format: "int64" } } } },
  },
});

const path = (version: string) => `/apis/example.org/${version}/namespaces/default/widgets`;
const send = (method: string, url: string, body?: unknown, type = "application/json") =>
  jsonRequest(api, method, url, body, { "content-type": type });

describe("kinds that come while the server runs", () => {
  it("are served at once, by their own schema, and go with their objects", async () => {
    expect((await send("GET", path("v1"))).code).toBe(404);
    api.server.registry.serve(widgets("v1"));
    const made = await send("POST", path("v1"), {
      metadata: { name: "a" },
      spec: { size: 1, colour: "red" },
    });
    expect(made).toMatchObject({ code: 201, body: { kind: "Widget", spec: { size: 1 } } });
    expect(made.headers.warning).toContain("spec.colour");
    const { body } = await send("GET", "/apis/example.org/v1");
    expect(body.resources).toMatchObject([{ name: "widgets", kind: "Widget" }]);
    const merged = await send(
      "PATCH",
      `${path("v1")}/a`,
      { spec: { size: 2 } },
      "application/merge-patch+json",
    );
    expect(merged.body).toMatchObject({ metadata: { generation: 2 }, spec: { size: 2 } });
    const strategic = await send("PATCH", `${path("v1")}/a`, {}, "application/strategic-merge-patch+json");
    expect(strategic.code).toBe(415);
    api.server.registry.withdraw(widgets("v1"));
    expect((await send("GET", path("v1"))).code).toBe(404);
    expect(api.server.store.list("widgets.example.org").items).toEqual([]);
  });

  it("show their objects in the version that is asked for", async () => {
    for (const version of ["v1", "v2"]) api.server.registry.serve(widgets(version));
    await send("POST", path("v1"), { metadata: { name: "a" }, spec: { size: 1 } });
    const { resourceVersion } = (await send("GET", `${path("v2")}/a`)).body.metadata;
    expect((await send("GET", path("v2"))).body).toMatchObject({
      apiVersion: "example.org/v2",
      items: [{ apiVersion: "example.org/v2", metadata: { name: "a" } }],
    });
    const watch = api.server.registry.watch(widgets("v1"), Number(resourceVersion));
    await send("PATCH", `${path("v2")}/a`, { spec: { size: 3 } }, "application/merge-patch+json");
    expect(watch.poll()).toMatchObject({ object: { apiVersion: "example.org/v1", spec: { size: 3 } } });
    watch.close();
    api.server.registry.withdraw(widgets("v1"));
    expect((await send("GET", `${path("v2")}/a`)).body.spec).toEqual({ size: 3 });
    await send("POST", path("v2"), { metadata: { name: "b" }, spec: { size: 1 } });
    api.server.registry.serve(widgets("v3"));
    api.server.registry.withdraw(widgets("v2"));
    const { items } = (await send("GET", path("v3"))).body;
    expect(items.map(({ apiVersion }: { apiVersion: string }) => apiVersion)).toEqual(
      Array(2).fill("example.org/v3"),
    );
  });
});
