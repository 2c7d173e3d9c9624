import { connect } from "node:net";
import { resources } from "@portcullis/kube";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pod, policy, type RunningApi, startApi } from "./api.testing.ts";
import { rawRequest } from "./raw-request.testing.ts";

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const podsPath = "/api/v1/namespaces/default/pods";

async function answer(...request: [method: string, path: string, body?: string | Buffer, type?: string]) {
  const [method, path, body, type = "application/json"] = request;
  const { code, body: text } = await rawRequest(api.socketPath, method, path, body, { "content-type": type });
  return { code, status: JSON.parse(text) as Record<string, unknown> };
}

describe("bodies", () => {
  it.each([
    ["nothing", "", "the request has no body"],
    ["no JSON", "{", "is not JSON"],
    ["a list", "[]", "is not a JSON object"],
    ["null", "null", "is not a JSON object"],
    ["a text", '"pod"', "is not a JSON object"],
    ["broken UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "is not JSON"],
    ["another kind", '{"kind":"Service"}', "does not match the expected kind (Pod)"],
    ["another version", '{"apiVersion":"v2"}', "does not match the expected API version (v1)"],
    ["a depth of 100,000", `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, "nested more than"],
    ["a depth of a million", `{"a":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}}`, "nested more than"],
    ["a key that occurs twice", '{"metadata":{"name":"a"},"spec":{"a":1,"a":2}}', 'duplicate field "spec.a"'],
    ["a spec of text", '{"metadata":{"name":"a"},"spec":"x"}', "cannot be handled as a Pod"],
    ["a name of numbers", '{"metadata":{"name":5},"spec":{"containers":[]}}', "cannot be handled as a Pod"],
    [
      "another namespace",
      '{"metadata":{"name":"a","namespace":"b"}}',
      "does not match the namespace sent on the request",
    ],
  ])("%s is a bad request", async (_, body, message) => {
    const { code, status } = await answer("POST", podsPath, body);
    expect(status).toMatchObject({
      kind: "Status",
      apiVersion: "v1",
      status: "Failure",
      reason: "BadRequest",
      code: 400,
      message: expect.stringContaining(message),
    });
    expect(code).toBe(400);
  });

  it("brackets in texts are no nesting", async () => {
    const annotations = { a: `\\"${"[{".repeat(1000)}` };
    const object = { ...pod("brackets"), metadata: { name: "brackets", annotations } };
    expect((await answer("POST", podsPath, JSON.stringify(object))).code).toBe(201);
  });

  it("keys that JavaScript knows are plain keys", async () => {
    const spec = { podSelector: { matchLabels: { constructor: "a" } } };
    const { status } = await answer(
      "POST",
      "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies",
      `{"metadata":{"name":"keys"},"spec":${JSON.stringify(spec)},"__proto__":{"kind":"x"}}`,
    );
    expect(status).toMatchObject({
      reason: "BadRequest",
      message: expect.stringContaining('unknown field "__proto__"'),
    });
    expect(({} as Record<string, unknown>).kind).toBeUndefined();
  });

  it.each(["application/yaml", "application/vnd.kubernetes.protobuf", "text/plain"])(
    "%s is refused",
    async (type) => {
      const { code, status } = await answer("POST", podsPath, "x", type);
      expect(code).toBe(415);
      expect(status).toMatchObject({ reason: "UnsupportedMediaType" });
    },
  );

  it("five megabytes are refused, with an answer that arrives, and the server goes on", async () => {
    const big = JSON.stringify({ ...pod("big"), padding: "x".repeat(5 * 1024 * 1024) });
    for (let i = 0; i < 3; i++) {
      const { code, status } = await answer("POST", podsPath, big);
      expect(code).toBe(413);
      expect(status).toMatchObject({
        reason: "RequestEntityTooLarge",
        message: "Request entity too large: limit is 3145728",
      });
    }
    await expect(
      api.client.create(resources.pods, { ...pod("big"), padding: "x".repeat(5e6) }),
    ).rejects.toMatchObject({
      code: 413,
    });
    expect((await answer("GET", podsPath)).code).toBe(200);
  });

  it("a policy with 10,000 rules is no problem", async () => {
    const ingress = Array.from({ length: 10_000 }, (_, i) => ({ ports: [{ port: i + 1 }] }));
    const stored = await api.client.create(
      resources.networkpolicies,
      policy("large", { podSelector: {}, ingress }),
    );
    expect((stored.spec as { ingress: unknown[] }).ingress).toHaveLength(10_000);
  });
});

describe("objects that break the rules", () => {
  it("are Invalid with the causes, as the API server words it", async () => {
    const ingress = [{ from: [{ ipBlock: { cidr: "10.0.0.0/33" } }] }];
    const bad = policy("p", { podSelector: { matchLabels: { "": "x" } }, ingress });
    await expect(api.client.create(resources.networkpolicies, bad)).rejects.toMatchObject({
      code: 422,
      reason: "Invalid",
      message: expect.stringMatching(
        /^NetworkPolicy\.networking\.k8s\.io "p" is invalid: \[spec\..*spec\.ingress\[0\]\.from\[0\]\.ipBlock\.cidr: Invalid value: "10\.0\.0\.0\/33"/,
      ),
      status: {
        details: {
          name: "p",
          group: "networking.k8s.io",
          kind: "NetworkPolicy",
          causes: expect.arrayContaining([
            {
              reason: "FieldValueInvalid",
              field: "spec.ingress[0].from[0].ipBlock.cidr",
              message: expect.stringMatching(/^Invalid value: "10\.0\.0\.0\/33": /),
            },
          ]),
        },
      },
    });
  });

  it("with unknown fields are refused as in strict decoding", async () => {
    const bad = policy("p", { podSelector: {}, ingres: [] });
    await expect(api.client.create(resources.networkpolicies, bad)).rejects.toMatchObject({
      code: 400,
      reason: "BadRequest",
      message:
        'NetworkPolicy in version "v1" cannot be handled as a NetworkPolicy: strict decoding error: ' +
        'unknown field "spec.ingres"',
    });
  });

  it("without a name are refused", async () => {
    const { code, status } = await answer(
      "POST",
      podsPath,
      '{"spec":{"containers":[{"name":"a","image":"b"}]}}',
    );
    expect(code).toBe(422);
    expect(status.message).toContain("metadata.name: Required value: name or generateName is required");
  });
});

describe("paths, methods and queries", () => {
  it.each([
    ["GET", "/api/v1/unicorns", 404, "NotFound"],
    ["GET", "/apis/apps/v1/deployments", 404, "NotFound"],
    ["GET", "/api/v1/namespaces/default/nodes", 404, "NotFound"],
    ["GET", "/api/v1/pods/web", 404, "NotFound"],
    ["GET", `${podsPath}/web/log`, 404, "NotFound"],
    ["GET", `${podsPath}/a/b/c/d`, 404, "NotFound"],
    ["GET", "//", 404, "NotFound"],
    ["GET", "/api/v1/namespaces/%zz", 400, "BadRequest"],
    ["POST", "/api/v1/pods", 405, "MethodNotAllowed"],
    ["PATCH", `${podsPath}/web`, 405, "MethodNotAllowed"],
    ["DELETE", podsPath, 405, "MethodNotAllowed"],
    ["POST", `${podsPath}/web`, 405, "MethodNotAllowed"],
    ["PUT", `${podsPath}?x`, 405, "MethodNotAllowed"],
    ["POST", `${podsPath}/web/status`, 405, "MethodNotAllowed"],
    ["POST", `${podsPath}?dryRun=All`, 501, "NotImplemented"],
    ["GET", `${podsPath}?watch=maybe`, 400, "BadRequest"],
    ["GET", `${podsPath}?resourceVersion=x`, 400, "BadRequest"],
    ["GET", `${podsPath}?resourceVersion=999999`, 504, "Timeout"],
    ["GET", `${podsPath}?watch=1&resourceVersion=999999`, 410, "Expired"],
    ["GET", `${podsPath}?labelSelector=a%20b`, 400, "BadRequest"],
  ])("%s %s is %i", async (method, path, code, reason) => {
    const body = method === "GET" || method === "DELETE" ? undefined : JSON.stringify(pod("web"));
    const { code: got, status } = await answer(method, path, body);
    expect(status).toMatchObject({ kind: "Status", reason, code });
    expect(got).toBe(code);
  });

  it("health and version", async () => {
    for (const path of ["/healthz", "/livez", "/readyz"]) {
      expect(await rawRequest(api.socketPath, "GET", path)).toMatchObject({ code: 200, body: "ok" });
    }
    const { body } = await rawRequest(api.socketPath, "GET", "/version");
    expect(JSON.parse(body)).toMatchObject({ major: "1", minor: "36", gitVersion: "v1.36.0+portcullis" });
  });

  it("preconditions of a deletion hold", async () => {
    await api.client.create(resources.pods, pod("kept"));
    const body = JSON.stringify({ kind: "DeleteOptions", preconditions: { uid: "another" } });
    const { code, status } = await answer("DELETE", `${podsPath}/kept`, body);
    expect(code).toBe(409);
    expect(status.message).toContain("Precondition failed: UID in precondition: another");
    expect((await answer("GET", `${podsPath}/kept`)).code).toBe(200);
  });
});

it("clients that talk nonsense or go in the middle of a body do no harm", async () => {
  for (const text of [
    "nonsense\r\n\r\n",
    `POST ${podsPath} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a`,
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(api.socketPath, () =>
        socket.write(text, () => setTimeout(() => socket.destroy(), 20)),
      );
      socket.on("close", () => resolve());
      socket.on("error", () => undefined);
    });
  }
  expect((await answer("GET", podsPath)).code).toBe(200);
});
