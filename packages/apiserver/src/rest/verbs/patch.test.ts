import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningApi, startApi } from "../api.testing.ts";
import { rawRequest } from "../raw-request.testing.ts";

const types = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

let api: RunningApi;
const maps = "/api/v1/namespaces/default/configmaps";
const deployments = "/apis/apps/v1/namespaces/default/deployments";

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

async function send(method: string, path: string, body: unknown, type = "application/json") {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await rawRequest(api.socketPath, method, path, text, { "content-type": type });
  return { code: answer.code, body: JSON.parse(answer.body) };
}

const patch = (type: keyof typeof types, path: string, body: unknown) =>
  send("PATCH", path, body, types[type]);

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  readonly fieldsV1: unknown;
}

const owners = (object: { metadata: { managedFields: readonly Entry[] } }) =>
  object.metadata.managedFields.map((entry) => [
    `${entry.manager} ${entry.operation} ${entry.subresource ?? ""}`.trim(),
    entry.fieldsV1,
  ]);

const deployment = (name: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name },
  spec: {
    replicas: 1,
    selector: { matchLabels: { a: "b" } },
    template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "nginx" }] } },
  },
});

describe("PATCH", () => {
  it("takes JSON, merge and strategic patches, and records who sent them", async () => {
    const made = await send("POST", `${maps}?fieldManager=maker`, {
      metadata: { name: "p" },
      data: { a: "1" },
    });
    expect(made.code).toBe(201);
    const path = `${maps}/p`;
    await patch("json", `${path}?fieldManager=j`, [{ op: "add", path: "/data/b", value: "2" }]);
    await patch("merge", `${path}?fieldManager=m`, { data: { c: "3", a: null } });
    const last = await patch("strategic", `${path}?fieldManager=s`, { metadata: { labels: { x: "y" } } });
    expect(last.body.data).toEqual({ b: "2", c: "3" });
    expect(owners(last.body)).toEqual([
      ["j Update", { "f:data": { "f:b": {} } }],
      ["m Update", { "f:data": { "f:c": {} } }],
      ["maker Update", { "f:data": {} }],
      ["s Update", { "f:metadata": { "f:labels": { ".": {}, "f:x": {} } } }],
    ]);
  });

  it.each([
    [
      "json",
      [{ op: "remove", path: "/nothing" }],
      422,
      "Invalid",
      "the server rejected our request due to an error in our request",
    ],
    ["json", {}, 400, "BadRequest", "json: cannot unmarshal object into Go value of type jsonpatch.Patch"],
    ["strategic", [], 400, "BadRequest", "invalid JSON document"],
    ["strategic", { metadata: { $patch: "x" } }, 500, "", "unknown patch type: x in map: map[$patch:x]"],
  ] as const)("refuses a %s patch %j", async (type, body, code, reason, message) => {
    await send("POST", maps, { metadata: { name: "refuse" } });
    const answer = await patch(type, `${maps}/refuse`, body);
    expect(answer).toMatchObject({ code, body: { kind: "Status", code, reason, message } });
  });

  it.each([
    ["json", [{ op: "replace", path: "", value: [] }]],
    ["json", [{ op: "replace", path: "", value: null }]],
    ["merge", "x"],
    ["merge", []],
    ["merge", { kind: "Secret" }],
    ["json", [{ op: "remove", path: "/apiVersion" }]],
  ] as const)("refuses a %s patch to something else: %j", async (type, body) => {
    await send("POST", maps, { metadata: { name: "refuse" } });
    const { code } = await patch(type, `${maps}/refuse`, type === "merge" && body === "x" ? '"x"' : body);
    expect(code).toBe(400);
  });
});

describe("PATCH: fields that occur twice", () => {
  const twice = '{"data":{"a":"1","a":"2"}}';
  const applied = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: twice}\ndata:\n  a: "1"\n  a: "2"\n`;

  it.each([
    ["merge", "Strict", twice, 422, /strict decoding error: duplicate field "data.a"/],
    ["strategic", "Strict", twice, 422, /duplicate field "data.a"/],
    ["apply", "Strict", applied, 400, /^error strict decoding YAML: duplicate field "data.a"$/],
  ] as const)("are refused in a %s patch, validation %s", async (type, validation, body, code, message) => {
    await send("POST", maps, { metadata: { name: "twice" } });
    const answer = await patch(type, `${maps}/twice?fieldManager=f&fieldValidation=${validation}`, body);
    expect(answer.code).toBe(code);
    expect(answer.body.message).toMatch(message);
  });

  it.each([
    ["merge", twice],
    ["apply", applied],
  ] as const)("are warned of in a %s patch otherwise, and the last one counts", async (type, body) => {
    await send("POST", maps, { metadata: { name: "twice" } });
    const path = `${maps}/twice?fieldManager=f&force=${type === "apply" ? "true" : ""}`;
    const headers = { "content-type": types[type] };
    const sent = type === "apply" ? path : path.replace("&force=", "");
    const answer = await rawRequest(api.socketPath, "PATCH", sent, body, headers);
    expect(answer.code).toBe(200);
    expect(answer.headers.warning).toBe('299 - "duplicate field \\"data.a\\""');
    expect(JSON.parse(answer.body).data).toEqual({ a: "2" });
  });
});

describe("PATCH: apply", () => {
  const applied = (name: string, data: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${data}\n`;

  const huge = { ...deployment("x"), spec: { ...deployment("x").spec, replicas: 2 ** 40 } };

  it("makes an object from YAML, changes it, and finds conflicts", async () => {
    const path = `${maps}/applied`;
    const made = await patch("apply", `${path}?fieldManager=one`, applied("applied", "{a: '1'}"));
    expect(made.code).toBe(201);
    const again = await patch("apply", `${path}?fieldManager=one`, applied("applied", "{a: '1'}"));
    expect(again).toEqual({ code: 200, body: made.body });
    const refused = await patch("apply", `${path}?fieldManager=two`, applied("applied", "{a: '2'}"));
    const message = 'Apply failed with 1 conflict: conflict with "one": .data.a';
    expect(refused).toEqual({
      code: 409,
      body: {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        reason: "Conflict",
        message,
        details: {
          causes: [{ reason: "FieldManagerConflict", message: 'conflict with "one"', field: ".data.a" }],
        },
        code: 409,
      },
    });
    const forced = await patch(
      "apply",
      `${path}?fieldManager=two&force=true`,
      applied("applied", "{a: '2'}"),
    );
    expect(forced.body.data).toEqual({ a: "2" });
    expect(owners(forced.body)).toEqual([["two Apply", { "f:data": { "f:a": {} } }]]);
  });

  it("writes nothing in a dry run", async () => {
    const path = `${maps}/dry?fieldManager=one&dryRun=All`;
    expect((await patch("apply", path, applied("dry", "{a: '1'}"))).code).toBe(201);
    const { code } = await rawRequest(api.socketPath, "GET", `${maps}/dry`);
    expect(code).toBe(404);
  });

  it.each([
    [`${maps}/x`, applied("x", "{}"), 422, /fieldManager: Required value: is required for apply patch/],
    [`${maps}/x?fieldManager=f`, applied("other", "{}"), 400, /name of the object \(other\) does not match/],
    [`${maps}/x?fieldManager=f`, "{apiVersion: v2, kind: ConfigMap, metadata: {name: x}}", 400, /./],
    [`${maps}/x?fieldManager=f`, `${applied("x", "{}")}foo: 1\n`, 500, /\.foo: field not declared in schema/],
    [
      `${maps}/x?fieldManager=f`,
      applied("x, managedFields: []", "{}"),
      400,
      /metadata.managedFields must be nil/,
    ],
    [`${maps}/x?fieldManager=f`, "a: [", 400, /./],
    [`${maps}/x?fieldManager=f`, applied("x", "{a: 1}"), 500, /\.data\.a: expected string, got /],
    [`${deployments}/x?fieldManager=f`, JSON.stringify(huge), 400, /cannot unmarshal number/],
    [`${deployments}/x/status?fieldManager=f`, JSON.stringify(deployment("x")), 404, /"x" not found/],
  ])("refuses %s %j", async (path, body, code, message) => {
    const answer = await patch("apply", path, body);
    expect(answer.code).toBe(code);
    expect(answer.body.message).toMatch(message);
  });

  it("keeps status and scale apart", async () => {
    await send("POST", `${deployments}?fieldManager=maker`, deployment("scaled"));
    const status = { ...deployment("scaled"), spec: { replicas: 9 }, status: { replicas: 3 } };
    const path = `${deployments}/scaled`;
    const reported = await patch("apply", `${path}/status?fieldManager=reporter`, JSON.stringify(status));
    expect(reported.body).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 3 } });
    await patch("merge", `${path}/scale?fieldManager=scaler`, { spec: { replicas: 5 } });
    const { body } = await rawRequest(api.socketPath, "GET", path);
    const names = owners(JSON.parse(body)).map(([name]) => name);
    expect(names).toEqual(["reporter Apply status", "maker Update", "scaler Update scale"]);
    const answer = await patch("apply", `${path}?fieldManager=applier`, JSON.stringify(deployment("scaled")));
    expect(answer.body.message).toBe(
      'Apply failed with 1 conflict: conflict with "scaler" with subresource "scale" using apps/v1: .spec.replicas',
    );
  });
});
