import { describe, expect, it } from "vitest";
import type { ResourceDef } from "../registry/resource-def.ts";
import { Schemas } from "../schema/schemas.ts";
import { answerOpenApi } from "./openapi.ts";

function def(group: string, version: string, kind: string, plural: string, rest: Partial<ResourceDef> = {}) {
  return {
    group,
    version,
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    subresources: [],
    behaviour: "full",
    countsGeneration: false,
    columns: [],
    selectableFields: {},
    defaults: (object) => object,
    validate: () => [],
    ...rest,
  } satisfies ResourceDef;
}

const defs: readonly ResourceDef[] = [
  def("", "v1", "Pod", "pods", { subresources: ["status", "exec", "eviction"] }),
  def("", "v1", "Namespace", "namespaces", { namespaced: false }),
  def("apps", "v1", "Deployment", "deployments", { subresources: ["status", "scale"] }),
  def("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", {
    namespaced: false,
    answer: (object) => object,
  }),
  def("example.com", "v1", "Widget", "widgets"),
];

const schemas = new Schemas();
schemas.add("example.com", "v1", "Widget", {
  properties: {
    spec: { type: "object", properties: { size: { type: "integer", description: "How big." } } },
  },
});

function get(path: string, accept?: string) {
  const answer = answerOpenApi(path, accept, schemas, defs);
  if (answer === undefined) throw new Error(`nothing at ${path}`);
  return JSON.parse(answer.body.toString("utf8"));
}

describe("OpenAPI 3", () => {
  it("has an index with the hash of each document", () => {
    const { paths } = get("/openapi/v3");
    expect(Object.keys(paths)).toEqual([
      "api/v1",
      "apis/apps/v1",
      "apis/authorization.k8s.io/v1",
      "apis/example.com/v1",
    ]);
    const url = paths["apis/apps/v1"].serverRelativeURL as string;
    const { etag } = answerOpenApi("/openapi/v3/apis/apps/v1", undefined, schemas, defs)!;
    expect(url).toBe(`/openapi/v3/apis/apps/v1?hash=${etag.replaceAll('"', "")}`);
  });

  it("refers to nothing that it does not have", () => {
    for (const path of Object.keys(get("/openapi/v3").paths)) {
      const document = get(`/openapi/v3/${path}`);
      const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)];
      const missing = names.filter(([, name]) => !(name! in document.components.schemas));
      expect(missing.map(([, name]) => name)).toEqual([]);
      expect(names.length).toBeGreaterThan(5);
    }
  });

  it("has for kubectl: kinds on operations and definitions, patch types, the fieldValidation parameter", () => {
    const { paths, components } = get("/openapi/v3/api/v1");
    const kind = { group: "", version: "v1", kind: "Pod" };
    const { get: getOne, patch } = paths["/api/v1/namespaces/{namespace}/pods/{name}"];
    expect(getOne["x-kubernetes-group-version-kind"]).toEqual(kind);
    expect(patch["x-kubernetes-group-version-kind"]).toEqual(kind);
    expect(Object.keys(patch.requestBody.content)).toContain("application/strategic-merge-patch+json");
    expect(patch.parameters.map(({ name }: { name: string }) => name)).toContain("fieldValidation");
    expect(components.schemas["io.k8s.api.core.v1.Pod"]["x-kubernetes-group-version-kind"]).toEqual([kind]);
    expect(Object.keys(paths)).toContain("/api/v1/namespaces/{namespace}/pods/{name}/eviction");
    expect(Object.keys(paths)).not.toContain("/api/v1/namespaces/{namespace}/pods/{name}/exec");
    expect(Object.keys(paths["/api/v1/pods"])).toEqual(["get"]);
  });

  it("tells how fields merge", () => {
    const { properties } = get("/openapi/v3/api/v1").components.schemas["io.k8s.api.core.v1.PodSpec"];
    expect(properties.containers).toMatchObject({
      type: "array",
      items: { allOf: [{ $ref: "#/components/schemas/io.k8s.api.core.v1.Container" }] },
      "x-kubernetes-patch-strategy": "merge",
      "x-kubernetes-patch-merge-key": "name",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
    });
    expect(properties.containers.description).toContain("List of containers");
    expect(properties.overhead.additionalProperties.allOf).toEqual([
      { $ref: "#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity" },
    ]);
  });

  it("follows kinds that come and go", () => {
    const own = new Schemas();
    const widgets = defs.filter(({ kind }) => kind === "Widget");
    const fields = () => {
      const { body } = answerOpenApi("/openapi/v3/apis/example.com/v1", undefined, own, widgets)!;
      return Object.keys(
        JSON.parse(body.toString()).components.schemas["com.example.v1.Widget"].properties ?? {},
      );
    };
    expect(fields()).toEqual([]);
    own.add("example.com", "v1", "Widget", { properties: { spec: { type: "object" } } });
    expect(fields()).toEqual(["spec", "apiVersion", "kind", "metadata"]);
    const { paths } = JSON.parse(
      answerOpenApi("/openapi/v3/apis/example.com/v1", undefined, own, widgets)!.body.toString(),
    );
    const { patch } = paths["/apis/example.com/v1/namespaces/{namespace}/widgets/{name}"];
    expect(Object.keys(patch.requestBody.content)).not.toContain("application/strategic-merge-patch+json");
    expect(answerOpenApi("/openapi/v3/apis/example.com/v1", undefined, own, [])).toBeUndefined();
  });

  it("has nothing at other paths, and JSON only", () => {
    for (const path of ["/openapi", "/openapi/v4", "/openapi/v3/apis/none/v1", "/openapi/v3/v2", "/api/v1"]) {
      expect(answerOpenApi(path, undefined, schemas, defs)).toBeUndefined();
    }
    expect(() => answerOpenApi("/openapi/v3", "text/html", schemas, defs)).toThrow(/media types/);
  });
});

describe("OpenAPI 2", () => {
  it("is one document of all kinds, and refers to nothing that it does not have", () => {
    const { swagger, definitions, paths } = get("/openapi/v2", "application/json");
    expect(swagger).toBe("2.0");
    expect(definitions["io.k8s.api.apps.v1.DeploymentSpec"].properties.template).toMatchObject({
      $ref: "#/definitions/io.k8s.api.core.v1.PodTemplateSpec",
    });
    expect(paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale"].patch).toMatchObject({
      "x-kubernetes-group-version-kind": { group: "autoscaling", version: "v1", kind: "Scale" },
    });
    const names = [...JSON.stringify({ paths, definitions }).matchAll(/"#\/definitions\/([^"]+)"/g)];
    expect(names.filter(([, name]) => !(name! in definitions)).map(([, name]) => name)).toEqual([]);
  });

  it("is gnostic's protobuf for those who ask for it", () => {
    const accept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    const answer = answerOpenApi("/openapi/v2", accept, schemas, defs)!;
    expect(answer.contentType).toBe("application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
    // Document.swagger = 1 and Document.info = 2 with its title = 1.
    expect(answer.body.subarray(0, 5).toString("latin1")).toBe("\x0a\x032.0");
    expect(answer.body.subarray(5, 20).toString("latin1")).toContain("Kubernetes");
    const fields = topLevelFields(answer.body);
    expect(fields.map(([number]) => number)).toEqual([1, 2, 8, 9]);
    expect(topLevelFields(fields[3]![1])).toHaveLength(Object.keys(get("/openapi/v2").definitions).length);
    expect(topLevelFields(fields[2]![1])).toHaveLength(Object.keys(get("/openapi/v2").paths).length);
  });
});

/** Fields of a message that are all length-delimited. */
function topLevelFields(bytes: Buffer): readonly [number, Buffer][] {
  const fields: [number, Buffer][] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    expect(tag % 8).toBe(2);
    const length = varint();
    fields.push([Math.floor(tag / 8), bytes.subarray(at, at + length)]);
    at += length;
  }
  expect(at).toBe(bytes.length);
  return fields;
}
