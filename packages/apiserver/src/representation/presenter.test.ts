import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ApiObject } from "../api-object.ts";
import { deepFreeze } from "../json.ts";
import type { Column, ResourceDef } from "../registry/resource-def.ts";
import { StatusError } from "../status.ts";
import { presenterFor } from "./presenter.ts";

const table = "application/json;as=Table;v=v1;g=meta.k8s.io";
const kubectlGet = `${table},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json`;
const partial = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

const column = (name: string, cell: Column["cell"], priority: 0 | 1 = 0): Column => ({
  name,
  type: "string",
  ...(name === "Name" ? { format: "name" } : {}),
  description: `The ${name}.`,
  priority,
  cell,
});

const widgets: ResourceDef = {
  group: "example.com",
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  singular: "widget",
  shortNames: [],
  categories: [],
  namespaced: true,
  subresources: ["status"],
  behaviour: "full",
  countsGeneration: false,
  columns: [
    column("Name", ({ metadata }) => metadata.name),
    column("Size", ({ spec }) => (spec as { size: number }).size),
    column("Age", (_object, now) => `${now.getUTCSeconds()}s`),
    column("Colour", () => "red", 1),
  ],
  selectableFields: {},
  defaults: (object) => object,
  validate: () => [],
};

const widget = (name: string, size: number): ApiObject =>
  deepFreeze({
    apiVersion: "example.com/v1",
    kind: "Widget",
    metadata: { name, namespace: "default", resourceVersion: "7" },
    spec: { size },
  });

const now = () => new Date("2025-01-01T00:00:05Z");
const present = (accept?: string, query = "", def = widgets) =>
  presenterFor(accept, def, new URLSearchParams(query), now);

describe("presenterFor", () => {
  it.each([undefined, "", "*/*", "application/json", "text/html, application/xml;q=0.9, */*;q=0.8"])(
    "writes the objects themselves for %s",
    (accept) => {
      const presenter = present(accept);
      expect(presenter.contentType).toBe("application/json");
      expect(JSON.parse(presenter.object(widget("a", 1)))).toEqual(widget("a", 1));
      expect(JSON.parse(presenter.list([widget("a", 1)], { resourceVersion: "9", continue: "c" }))).toEqual({
        kind: "WidgetList",
        apiVersion: "example.com/v1",
        metadata: { resourceVersion: "9", continue: "c" },
        items: [widget("a", 1)],
      });
      expect(JSON.parse(presenter.watched(widget("a", 1)))).toEqual(widget("a", 1));
      expect(JSON.parse(presenter.bookmark(5, { x: "true" }))).toEqual({
        kind: "Widget",
        apiVersion: "example.com/v1",
        metadata: { resourceVersion: "5", creationTimestamp: null, annotations: { x: "true" } },
      });
    },
  );

  it("goes on to the next alternative after one that it does not write", () => {
    expect(present("application/vnd.kubernetes.protobuf, application/json").contentType).toBe(
      "application/json",
    );
    const later = `application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,${table}`;
    expect(JSON.parse(present(later).object(widget("a", 1))).kind).toBe("Table");
    expect(present("application/json;q=0.1, application/yaml").contentType).toBe("application/yaml");
  });

  it.each([
    "application/vnd.kubernetes.protobuf",
    "text/html",
    "application/json;as=Table;v=v2;g=meta.k8s.io",
    "application/json;as=Chart;v=v1;g=meta.k8s.io",
    "application/json;q=0",
  ])("refuses %s", (accept) => {
    expect(() => present(accept)).toThrow(StatusError);
    expect(() => present(accept)).toThrow(/^only the following media types are accepted: application\/json/);
  });

  it("writes YAML, but no watch in it", () => {
    const presenter = present("application/yaml");
    expect(parse(presenter.object(widget("a", 1)))).toEqual(widget("a", 1));
    const timely = { ...widget("no", 1), at: "2025-01-01T00:00:00Z" };
    expect(presenter.object(timely)).toMatch(/^ {2}name: "no"$/m);
    expect(parse(presenter.object(timely), { version: "1.1" })).toEqual(timely);
    expect(() => presenter.watched(widget("a", 1))).toThrow(StatusError);
  });
});

describe("tables", () => {
  const columnDefinitions = [
    { name: "Name", type: "string", format: "name", description: "The Name.", priority: 0 },
    { name: "Size", type: "string", format: "", description: "The Size.", priority: 0 },
    { name: "Age", type: "string", format: "", description: "The Age.", priority: 0 },
    { name: "Colour", type: "string", format: "", description: "The Colour.", priority: 1 },
  ];
  const head = { kind: "Table", apiVersion: "meta.k8s.io/v1" };
  const row = (name: string, size: number) => ({
    cells: [name, size, "5s", "red"],
    object: {
      kind: "PartialObjectMetadata",
      apiVersion: "meta.k8s.io/v1",
      metadata: widget(name, size).metadata,
    },
  });

  it("show a list with its columns", () => {
    const list = present(kubectlGet).list([widget("a", 1), widget("b", 2)], { resourceVersion: "9" });
    expect(JSON.parse(list)).toEqual({
      ...head,
      metadata: { resourceVersion: "9" },
      columnDefinitions,
      rows: [row("a", 1), row("b", 2)],
    });
  });

  it("are of the version that was asked for", () => {
    const { apiVersion, rows } = JSON.parse(
      present("application/json;as=Table;v=v1beta1;g=meta.k8s.io").object(widget("a", 1)),
    ) as { apiVersion: string; rows: { object: { apiVersion: string } }[] };
    expect([apiVersion, rows[0]?.object.apiVersion]).toEqual(["meta.k8s.io/v1beta1", "meta.k8s.io/v1beta1"]);
  });

  it("tell the columns with the first event of a watch only", () => {
    const presenter = present(kubectlGet);
    const metadata = { resourceVersion: "7" };
    expect(JSON.parse(presenter.watched(widget("a", 1)))).toEqual({
      ...head,
      metadata,
      columnDefinitions,
      rows: [row("a", 1)],
    });
    expect(JSON.parse(presenter.watched(widget("b", 2)))).toEqual({
      ...head,
      metadata,
      columnDefinitions: [],
      rows: [row("b", 2)],
    });
    expect(JSON.parse(presenter.bookmark(8, {}))).toMatchObject({
      ...head,
      metadata: { resourceVersion: "8" },
      rows: [{ object: { metadata: { resourceVersion: "8" } } }],
    });
  });

  it("carry what includeObject asks for", () => {
    const object = (include: string) =>
      JSON.parse(present(table, `includeObject=${include}`).object(widget("a", 1))).rows[0].object as unknown;
    expect(object("None")).toBeNull();
    expect(object("Object")).toEqual(widget("a", 1));
    expect(object("")).toEqual(row("a", 1).object);
    expect(() => object("All")).toThrow(/includeObject/);
  });

  it("show name and age of what a subresource answers", () => {
    const scale = { ...widget("a", 1), kind: "Scale" };
    expect(JSON.parse(present(table).object(scale)).rows[0].cells).toEqual(["a", "5s"]);
  });

  it("are not for kinds that are asked and answered", () => {
    const review = { ...widgets, answer: (object: ApiObject) => object };
    expect(JSON.parse(present(table, "", review).object(widget("a", 1)))).toEqual(widget("a", 1));
  });
});

describe("partial objects", () => {
  it("are metadata and no more", () => {
    const presenter = present(partial);
    const bare = {
      kind: "PartialObjectMetadata",
      apiVersion: "meta.k8s.io/v1",
      metadata: widget("a", 1).metadata,
    };
    expect(JSON.parse(presenter.object(widget("a", 1)))).toEqual(bare);
    expect(JSON.parse(presenter.list([widget("a", 1)], { resourceVersion: "9" }))).toEqual({
      kind: "PartialObjectMetadataList",
      apiVersion: "meta.k8s.io/v1",
      metadata: { resourceVersion: "9" },
      items: [bare],
    });
    expect(JSON.parse(presenter.bookmark(5, {})).kind).toBe("PartialObjectMetadata");
  });
});
