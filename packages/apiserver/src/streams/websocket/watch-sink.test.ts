import http from "node:http";
import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { pod, type RunningApi, startApi } from "../../rest/api.testing.ts";

const path = "/api/v1/namespaces/default/pods";
let api: RunningApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

/** What a browser would do, with the events that came so far. */
async function watch(query: string, options: WebSocket.ClientOptions = {}, protocols: string[] = []) {
  const socket = new WebSocket(`ws+unix:${api.socketPath}:${path}?watch=1${query}`, protocols, options);
  const events: { type: string; object: { metadata: { name: string }; [field: string]: unknown } }[] = [];
  socket.on("message", (message, isBinary) => {
    expect(isBinary).toBe(false);
    events.push(JSON.parse(String(message)) as (typeof events)[number]);
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return {
    socket,
    events,
    closed,
    names: () => events.map(({ type, object }) => [type, object.metadata.name]),
  };
}

/** The answer to an upgrade that is refused. */
function refused(target: string, headers: http.OutgoingHttpHeaders = {}, method = "GET") {
  const upgrade = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": Buffer.alloc(16).toString("base64"),
    ...headers,
  };
  return new Promise<{ code: number | undefined; text: string }>((resolve, reject) => {
    const request = http.request({ socketPath: api.socketPath, path: target, method, headers: upgrade });
    request.on("response", (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk;
      });
      response.on("end", () => resolve({ code: response.statusCode, text }));
    });
    request.on("upgrade", () => reject(new Error("upgraded")));
    request.on("error", reject);
    request.end();
  });
}

it("an event a message, from a list on, under the protocol that was named", async () => {
  const { resourceVersion } = await api.client.list(resources.pods);
  const { socket, events, names } = await watch(`&resourceVersion=${resourceVersion}`, {}, [
    "base64.binary.k8s.io",
  ]);
  expect(socket.protocol).toBe("base64.binary.k8s.io");
  await api.client.create(resources.pods, pod("a"));
  await api.client.delete(resources.pods, "a", "default");
  await vi.waitFor(() => expect(events.length).toBeGreaterThan(1));
  expect(names().slice(0, 2)).toEqual([
    ["ADDED", "a"],
    [expect.stringMatching("MODIFIED|DELETED"), "a"],
  ]);
  socket.close();
});

it("without a version what exists comes first; selectors, tables and bookmarks are as ever", async () => {
  await api.client.create(resources.pods, pod("a"));
  await api.client.create(resources.pods, pod("b"));
  const all = await watch("");
  await vi.waitFor(() =>
    expect(all.names()).toEqual([
      ["ADDED", "a"],
      ["ADDED", "b"],
    ]),
  );
  const one = await watch(
    "&fieldSelector=metadata.name%3Db&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
  );
  await vi.waitFor(() => expect(one.events.map(({ type }) => type)).toEqual(["ADDED", "BOOKMARK"]));
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const table = await watch("", { headers: { accept } });
  await vi.waitFor(() => expect(table.events[1]).toMatchObject({ object: { kind: "Table" } }));
  for (const { socket } of [all, one, table]) socket.terminate();
  await vi.waitFor(() => expect(api.server.store.watchCount).toBe(0));
});

it("a client that reads nothing is waited for, and then has it all", async () => {
  const { socket, events } = await watch("");
  socket.pause();
  const text = "x".repeat(100_000);
  for (let index = 0; index < 60; index++)
    await api.client.create(resources.pods, {
      ...pod(`p${index}`),
      metadata: { name: `p${index}`, namespace: "default", annotations: { text } },
    });
  expect(events.length).toBeLessThan(60);
  socket.resume();
  await vi.waitFor(() => expect(events.length).toBe(60));
  socket.close();
});

it("it ends with the server, by the closing handshake", async () => {
  const { closed } = await watch("");
  api.server.store.close();
  expect(await closed).toBe(1000);
});

it("what cannot be watched is refused before the handshake, and nothing of it stays", async () => {
  api.server.store.compact(api.server.store.revision);
  await api.client.create(resources.pods, pod("a"));
  api.server.store.compact(api.server.store.revision);
  expect(await refused(`${path}?watch=1&resourceVersion=1`)).toMatchObject({
    code: 410,
    text: expect.stringContaining("Expired"),
  });
  expect((await refused(`${path}?watch=1&fieldSelector=x%3Dy`)).code).toBe(400);
  expect((await refused(`${path}?watch=1`, {}, "POST")).code).toBe(400);
  expect((await refused(`${path}?watch=1`, { upgrade: "SPDY/3.1" })).code).toBe(400);
  expect((await refused(`${path}/a?watch=1`)).code).toBe(400);
  expect((await refused("/api/v1/nothing?watch=1")).code).toBe(400);
  const review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  expect((await refused(`${review}?watch=1`)).code).toBe(400);
  expect((await refused(path)).code).toBe(400);
  // No key: `ws` refuses the handshake itself.
  expect((await refused(`${path}?watch=1`, { "sec-websocket-key": "short" })).code).toBe(400);
  await vi.waitFor(() => expect(api.server.store.watchCount).toBe(0));
});
