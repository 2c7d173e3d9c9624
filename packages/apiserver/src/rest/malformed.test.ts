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

  it("unknown and repeated fields are an error, a warning or nothing, as the client wishes", async () => {
    const body = JSON.stringify({ ...pod("fields"), speck: 1, __proto__x: 1 }).replace(
      '"containers"',
      '"hostPID":true,"hostPID":false,"containers"',
    );
    const send = (validation: string) =>
      rawRequest(api.socketPath, "POST", `${podsPath}?dryRun=All${validation}`, body);
    const strict = await send("&fieldValidation=Strict");
    expect(JSON.parse(strict.body)).toMatchObject({
      code: 400,
      message:
        'Pod in version "v1" cannot be handled as a Pod: strict decoding error: duplicate field "spec.hostPID", ' +
        'unknown field "speck", unknown field "__proto__x"',
    });
    const warned = await send("");
    expect(warned.code).toBe(201);
    expect(warned.headers.warning).toBe(
      '299 - "duplicate field \\"spec.hostPID\\"", 299 - "unknown field \\"speck\\"", ' +
        '299 - "unknown field \\"__proto__x\\""',
    );
    expect(JSON.parse(warned.body)).not.toHaveProperty("speck");
    const ignored = await send("&fieldValidation=Ignore");
    expect(ignored.code).toBe(201);
    expect(ignored.headers.warning).toBeUndefined();
    expect(JSON.parse((await send("&fieldValidation=Maybe")).body)).toMatchObject({ code: 422 });
  });

  it("keys that JavaScript knows are plain keys", async () => {
    const { code, status } = await answer(
      "POST",
      "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies?fieldValidation=Strict",
      '{"metadata":{"name":"keys"},"spec":{"podSelector":{"matchLabels":{"constructor":"a"}}},"__proto__":{"kind":"x"}}',
    );
    expect(code).toBe(400);
    expect(status.message).toContain('unknown field "__proto__"');
    expect(({} as Record<string, unknown>).kind).toBeUndefined();
  });

  it("YAML is read as JSON is", async () => {
    const yaml = [
      "metadata: {name: from-yaml, labels: {on: 'yes'}}",
      "spec:",
      "  containers:",
      "  - name: a",
      "    image: nginx",
      "    image: nginx",
    ];
    const { code, status } = await answer(
      "POST",
      `${podsPath}?fieldValidation=Strict`,
      yaml.join("\n"),
      "application/yaml",
    );
    expect(code).toBe(400);
    expect(status.message).toContain('duplicate field "spec.containers[0].image"');
    const good = await answer("POST", podsPath, yaml.slice(0, -1).join("\n"), "application/yaml");
    expect(good).toMatchObject({ code: 201, status: { spec: { containers: [{ image: "nginx" }] } } });
  });

  it.each([
    ["an alias", "a: &a [1]\nb: *a"],
    ["nonsense", "a: [1"],
    ["two documents", "a: 1\n---\nb: 1"],
    ["a depth of 100,000", "[".repeat(100_000)],
    ["a tag that runs", "a: !!js/function 'x'"],
  ])("YAML with %s is a bad request", async (_, body) => {
    expect((await answer("POST", podsPath, body, "application/yaml")).code).toBeOneOf([400, 422]);
  });

  it("much YAML is refused, much JSON that is called YAML is not", async () => {
    const rules = (count: number) =>
      policy("yaml", { podSelector: {}, ingress: Array(count).fill({ ports: [{ port: 1 }] }) });
    const json = JSON.stringify(rules(30_000));
    const path = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies?dryRun=All";
    expect((await answer("POST", path, json, "application/yaml")).code).toBe(201);
    const { code, status } = await answer("POST", path, ` ${json}`, "application/yaml");
    expect(code).toBe(413);
    expect(status.message).toBe(
      "Request entity too large: limit is 524288 for YAML, which this server reads slowly; JSON may be larger",
    );
  });

  it("protobuf that is none is a bad request", async () => {
    for (const bytes of [
      Buffer.from("x"),
      Buffer.from("k8s\0"),
      Buffer.from("k8s\0\x0a\xff\xff\xff\xff\x0f", "latin1"),
    ]) {
      expect((await answer("POST", podsPath, bytes, "application/vnd.kubernetes.protobuf")).code).toBe(400);
    }
  });

  it("text/plain is refused", async () => {
    const { code, status } = await answer("POST", podsPath, "x", "text/plain");
    expect(code).toBe(415);
    expect(status).toMatchObject({ reason: "UnsupportedMediaType" });
  });

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
    ["GET", "/apis/apps/v1/unicorns", 404, "NotFound"],
    ["GET", "/api/v1/namespaces/default/nodes", 404, "NotFound"],
    ["GET", "/api/v1/pods/web", 404, "NotFound"],
    ["GET", `${podsPath}/web/log`, 404, "NotFound"],
    ["GET", `${podsPath}/a/b/c/d`, 404, "NotFound"],
    ["GET", "/api/v1/namespaces/%zz", 400, "BadRequest"],
    ["POST", "/api/v1/pods", 405, "MethodNotAllowed"],
    ["PATCH", `${podsPath}/web`, 415, "UnsupportedMediaType"],
    ["PATCH", podsPath, 405, "MethodNotAllowed"],
    ["DELETE", "/api/v1/pods", 405, "MethodNotAllowed"],
    ["DELETE", "/api/v1/namespaces", 405, "MethodNotAllowed"],
    ["OPTIONS", podsPath, 405, "MethodNotAllowed"],
    ["POST", `${podsPath}/web`, 405, "MethodNotAllowed"],
    ["PUT", `${podsPath}?x`, 405, "MethodNotAllowed"],
    ["POST", `${podsPath}/web/status`, 405, "MethodNotAllowed"],
    ["POST", `${podsPath}?dryRun=Some`, 422, "Invalid"],
    ["DELETE", `${podsPath}/web?dryRun=Some`, 422, "Invalid"],
    ["DELETE", `${podsPath}/web?propagationPolicy=Sideways`, 422, "Invalid"],
    ["GET", `${podsPath}/web/exec`, 400, "BadRequest"],
    ["GET", `${podsPath}?continue=x`, 400, "BadRequest"],
    ["GET", `${podsPath}?resourceVersionMatch=Exact`, 422, "Invalid"],
    ["GET", `${podsPath}?watch=1&resourceVersionMatch=NotOlderThan`, 422, "Invalid"],
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
    const verbose = await rawRequest(api.socketPath, "GET", "/readyz?verbose");
    expect(verbose.body).toBe("[+]ping ok\n[+]etcd ok\nreadyz check passed\n");
    for (const path of ["//", "/nowhere", "/apiary", "/healthz/nothing"]) {
      expect(await rawRequest(api.socketPath, "GET", path)).toMatchObject({
        code: 404,
        body: "404 page not found\n",
      });
    }
    const { body } = await rawRequest(api.socketPath, "GET", "/version");
    expect(JSON.parse(body)).toMatchObject({ major: "1", minor: "34", gitVersion: "v1.34.0+portcullis" });
  });

  it("preconditions of a deletion hold", async () => {
    await api.client.create(resources.pods, pod("kept"));
    const body = JSON.stringify({ kind: "DeleteOptions", preconditions: { uid: "another" } });
    const { code, status } = await answer("DELETE", `${podsPath}/kept`, body);
    expect(code).toBe(409);
    expect(status.message).toContain("Precondition failed: UID in precondition: another");
    const stale = await answer("DELETE", `${podsPath}/kept`, '{"preconditions":{"resourceVersion":"1"}}');
    expect(stale.code).toBe(409);
    expect(stale.status.message).toContain("Precondition failed: ResourceVersion in precondition: 1, Res");
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
