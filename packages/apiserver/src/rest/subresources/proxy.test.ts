import { once } from "node:events";
import { createServer, type IncomingMessage, request as open, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runningStatus, type StreamingApi, startStreaming } from "../../streams/running-pod.testing.ts";
import { type RawAnswer, rawRequest } from "../raw-request.testing.ts";

let api: StreamingApi;
let program: Server;
let port: number;
/** Requests that came through, with their bodies. */
let passed: { readonly request: IncomingMessage; readonly body: string }[];

beforeEach(async () => {
  passed = [];
  program = createServer(async (request, response) => {
    passed.push({ request, body: await text(request) });
    if (request.url === "/moved") response.writeHead(302, { location: "/there" }).end();
    else if (request.url === "/hang") response.writeHead(200).write("begun");
    else if (request.url === "/cut") request.socket.destroy();
    else {
      response.writeHead(request.url === "/teapot" ? 418 : 200, { "content-type": "text/x", "x-own": "yes" });
      response.end(`got ${request.method} ${request.url}`);
    }
  });
  await new Promise<void>((resolve) => program.listen(0, "127.0.0.1", resolve));
  ({ port } = program.address() as AddressInfo);
  api = await startStreaming();
  await api.setStatus("web", { ...runningStatus("web"), podIP: "10.244.0.9" });
});
afterEach(async () => {
  program.closeAllConnections();
  program.close();
  await api.stop();
});

const pods = "/api/v1/namespaces/default/pods";
const services = "/api/v1/namespaces/default/services";
const get = (path: string, headers: Record<string, string> = {}) =>
  rawRequest(api.socketPath, "GET", path, undefined, headers);
const message = ({ body }: RawAnswer) => (JSON.parse(body) as { message: string }).message;

it("passes a request to a pod's port and the answer back, as they come", async () => {
  const answer = await get(`${pods}/web:${port}/proxy/a/%2Fb?c=%20d`, {
    authorization: "Bearer secret",
    "impersonate-user": "somebody",
    "impersonate-group": "system:masters",
    "x-mine": "kept",
  });
  expect(answer).toMatchObject({ code: 200, body: "got GET /a/%2Fb?c=%20d" });
  expect(answer.headers).toMatchObject({ "content-type": "text/x", "x-own": "yes" });
  const { headers } = passed[0]!.request;
  expect(headers).toMatchObject({
    "x-mine": "kept",
    "x-forwarded-uri": `${pods}/web:${port}/proxy/a/%2Fb?c=%20d`,
  });
  expect(headers).not.toHaveProperty("authorization");
  expect(headers).not.toHaveProperty("impersonate-user");
  expect(headers).not.toHaveProperty("impersonate-group");
  expect(api.streams.dialled).toEqual(["10.244.0.9"]);
  expect((await get(`${pods}/http:web:${port}/proxy/teapot`)).code).toBe(418);
  const body = "x".repeat(5_000_000);
  const posted = await rawRequest(api.socketPath, "POST", `${pods}/web:${port}/proxy/in`, body);
  expect(posted.body).toBe("got POST /in");
  expect(passed.at(-1)!.body).toHaveLength(body.length);
  expect((await rawRequest(api.socketPath, "DELETE", `${pods}/web:${port}/proxy/x`)).body).toBe(
    "got DELETE /x",
  );
});

it("goes to one of a Service's endpoints, by the port's number or name", async () => {
  const ports = [{ name: "web", port: 80, targetPort: port, protocol: "TCP" }];
  const meta = { name: "web", namespace: "default" };
  await api.client.create(resources.services, {
    apiVersion: "v1",
    kind: "Service",
    metadata: meta,
    spec: { ports },
  });
  const subsets = [{ addresses: [{ ip: "10.244.0.8" }], ports: [{ name: "web", port }] }];
  expect(message(await get(`${services}/web:80/proxy/`))).toBe('no endpoints available for service "web"');
  await api.client.create(resources.endpoints, {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: meta,
    subsets,
  });
  for (const name of ["web:80", "web:web", "http:web:80"])
    expect(await get(`${services}/${name}/proxy/`)).toMatchObject({ code: 200, body: "got GET /" });
  expect(new Set(api.streams.dialled)).toEqual(new Set(["10.244.0.8"]));
  expect(message(await get(`${services}/web:81/proxy/`))).toBe('no service port 81 found for service "web"');
  // As a real server: without a port it is the one without a name.
  expect((await get(`${services}/web/proxy/`)).code).toBe(503);
});

it("leads back to itself when it is redirected", async () => {
  const prefix = `${pods}/web:${port}/proxy`;
  expect(await get(`${prefix}?a=b`)).toMatchObject({ code: 301, headers: { location: `${prefix}/?a=b` } });
  expect((await get(`${prefix}/moved`)).headers.location).toBe(`${prefix}/there`);
});

it("tells a pod that is called like it from itself", async () => {
  const { metadata: _, ...web } = await api.client.get(resources.pods, "web", "default");
  await api.client.create(resources.pods, { ...web, metadata: { name: "proxy", namespace: "default" } });
  await api.setStatus("proxy", { ...runningStatus("web"), podIP: "10.244.0.9" });
  expect((await get(`${pods}/proxy:${port}/proxy/proxy/x`)).body).toBe("got GET /proxy/x");
});

it("says what is in the way", async () => {
  expect(await get(`${pods}/none:80/proxy/`)).toMatchObject({ code: 404 });
  expect(message(await get(`${pods}/web:x/proxy/`))).toBe('invalid pod request "web:x"');
  expect(message(await get(`${pods}/a:b:c:d/proxy/`))).toBe('invalid pod request "a:b:c:d"');
  expect((await get(`${pods}/https:web:443/proxy/`)).code).toBe(501);
  const refused = await get(`${pods}/web:1/proxy/`);
  expect(refused.code).toBe(503);
  expect(message(refused)).toContain("error trying to reach service: connect ECONNREFUSED");
  expect((await get(`${pods}/web:${port}/proxy/cut`)).code).toBe(503);
  await api.setStatus("web", runningStatus("web"));
  expect(message(await get(`${pods}/web:${port}/proxy/`))).toBe("address not allowed");
  // A path that the authorizer takes for none of an object's must not lead to one.
  expect((await get(`${pods}/web:${port}/proxy//a`)).code).toBe(404);
  expect((await get(`${pods}/web:${port}/pr%6fxy/a`)).code).toBe(404);
});

it("lets go of the program when the client goes", async () => {
  const closed = new Promise((resolve) =>
    program.once("request", (request: IncomingMessage) => request.socket.once("close", resolve)),
  );
  const request = open({ socketPath: api.socketPath, path: `${pods}/web:${port}/proxy/hang` });
  request.on("error", () => {});
  request.end();
  const response = await new Promise<IncomingMessage>((resolve) => request.once("response", resolve));
  await once(response, "data");
  request.destroy();
  await closed;
});
