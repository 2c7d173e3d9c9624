import http from "node:http";
import { connect } from "node:net";
import { resources } from "@portcullis/kube";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { pod, type RunningApi, startApi } from "./api.testing.ts";
import { jsonRequest } from "./json-request.testing.ts";

const { pods } = resources;
const path = "/api/v1/namespaces/default/pods";

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const stillAnswers = async () => expect((await jsonRequest(api, "GET", "/api/v1/namespaces")).code).toBe(200);

/** Sends a body in pieces for as long as the server takes it; gives the status of the answer, if there was one. */
function stream(headers: http.OutgoingHttpHeaders, bytes: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    let code: number | undefined;
    const request = http.request({ socketPath: api.socketPath, method: "POST", path, headers, agent: false });
    request.on("response", (response) => {
      code = response.statusCode;
      response.resume();
    });
    request.on("error", () => {});
    request.on("close", () => resolve(code));
    const piece = Buffer.alloc(1024 * 1024, " ");
    let left = bytes;
    const send = (): void => {
      if (request.destroyed) return;
      if (left <= 0) return void request.end();
      left -= piece.length;
      request.write(piece, () => setImmediate(send));
    };
    send();
  });
}

it("a body of 50 MB is refused without being kept", async () => {
  const before = process.memoryUsage().rss;
  const type = { "content-type": "application/json" };
  expect(await stream({ ...type, "content-length": 50 * 1024 * 1024 }, 50 * 1024 * 1024)).toBe(413);
  expect(await stream({ ...type, "transfer-encoding": "chunked" }, 50 * 1024 * 1024)).toBe(413);
  // One that goes on and on is cut off, answered or not.
  expect(await stream({ ...type, "transfer-encoding": "chunked" }, 500 * 1024 * 1024)).toBeOneOf([
    413,
    undefined,
  ]);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  await stillAnswers();
}, 60_000);

it("clients that vanish in the middle of a list, a watch or a body do no harm", async () => {
  await Promise.all(Array.from({ length: 300 }, (_, i) => api.client.create(pods, pod(`p${i}`))));
  const requests = [
    `GET ${path} HTTP/1.1\r\nhost: a\r\naccept-encoding: gzip\r\n\r\n`,
    `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`,
    `GET ${path}?watch=1 HTTP/1.1\r\nhost: a\r\n\r\n`,
    `GET ${path}?watch=1 HTTP/1.1\r\nhost: a\r\naccept: application/json;as=Table;v=v1;g=meta.k8s.io\r\n\r\n`,
    `PATCH ${path}/p1 HTTP/1.1\r\nhost: a\r\ncontent-type: application/merge-patch+json\r\ncontent-length: 9\r\n\r\n{"`,
    `DELETE ${path}/p1 HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{`,
  ];
  const vanish = (text: string, wait: boolean) =>
    new Promise<void>((resolve) => {
      const socket = connect(api.socketPath, () =>
        socket.write(text, () => (wait ? socket.once("data", () => socket.destroy()) : socket.destroy())),
      );
      // A request that waits for the rest of its body is never answered.
      if (wait && /PATCH|DELETE/.test(text)) setImmediate(() => socket.destroy());
      socket.on("error", () => {});
      socket.on("close", () => resolve());
    });
  await Promise.all(
    requests.flatMap((text) => [true, false].flatMap((wait) => [1, 2, 3].map(() => vanish(text, wait)))),
  );
  await vi.waitFor(() => expect(api.server.store.watchCount).toBe(0));
  expect((await jsonRequest(api, "GET", `${path}/p1`)).code).toBe(200);
  await stillAnswers();
});
