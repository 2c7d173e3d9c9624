import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { eventually } from "../eventually.testing.ts";
import { answerText, HttpRefusal } from "./answer.ts";
import { HttpServer, type HttpServerOptions, type Route } from "./http-server.ts";

let server: HttpServer | undefined;
afterEach(() => server?.close());

const routes = new Map<string, Route>([
  ["/fine", (url, response) => answerText(response, 200, `fine ${url.search}\n`)],
  [
    "/refused",
    () => {
      throw new HttpRefusal(409, "not now");
    },
  ],
  [
    "/broken",
    async () => {
      throw new Error("a bug");
    },
  ],
  [
    "/half",
    (_, response) => {
      response.write("half");
      throw new Error("a bug");
    },
  ],
]);

async function serve(options: Partial<HttpServerOptions> = {}): Promise<string> {
  server = new HttpServer({ routes, ...options });
  return await server.listen({ host: "127.0.0.1", port: 0 });
}

test("a path is answered, its query passed on, and nothing is kept by caches", async () => {
  const address = await serve();
  const response = await fetch(`http://${address}/fine?a=b`);
  expect([response.status, await response.text()]).toEqual([200, "fine ?a=b\n"]);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  const head = await fetch(`http://${address}/fine`, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "6", ""]);
});

test("what is wrong with a request is said, with its status", async () => {
  const address = await serve();
  const answer = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://${address}${path}`, init);
    return `${response.status} ${(await response.text()).trim()}`;
  };
  expect(await answer("/nowhere")).toBe("404 no /nowhere here; there is /fine, /refused, /broken, /half");
  expect(await answer("/fine", { method: "POST", body: "x".repeat(100_000) })).toBe(
    "405 POST is not served, only GET",
  );
  expect(await answer("/refused")).toBe("409 not now");
  expect(await answer("/broken")).toBe("500 a bug");
  await expect(answer("/half")).rejects.toThrow();
  expect(await answer("/fine")).toBe("200 fine");
});

test("the guard sees every request first", async () => {
  const address = await serve({
    guard: ({ url }) => {
      if (url === "/fine") throw new HttpRefusal(403, "no");
    },
  });
  expect((await fetch(`http://${address}/fine`)).status).toBe(403);
  expect((await fetch(`http://${address}/nowhere`)).status).toBe(404);
});

test.each([
  "GET //evil/fine HTTP/1.1",
  "GET http://evil/fine HTTP/1.1",
  "GET fine HTTP/1.1",
  "GET /\\[ HTTP/1.1",
  "\0\0\0\0",
])("%j ends in an error, not in the server's end", async (line) => {
  const address = await serve();
  expect(await send(address, `${line}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)).toMatch(
    /^HTTP\/1.1 4\d\d/,
  );
  expect((await fetch(`http://${address}/fine`)).status).toBe(200);
});

test("more connections than allowed are closed", async () => {
  const address = await serve({ mostConnections: 1 });
  const [host, port] = address.split(":") as [string, string];
  const first = connect(Number(port), host);
  await new Promise((resolve) => first.once("connect", resolve));
  // The server counts it only once it has accepted it.
  await eventually(() =>
    send(address, "GET /fine HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"),
  ).toBe("");
  first.destroy();
  await eventually(() =>
    send(address, "GET /fine HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"),
  ).toMatch(/^HTTP\/1.1 200/);
});

test("an address that is taken is an error of who asked", async () => {
  const address = await serve();
  const other = new HttpServer({ routes });
  await expect(other.listen({ host: "127.0.0.1", port: Number(address.split(":")[1]) })).rejects.toThrow(
    "EADDRINUSE",
  );
});

/** All that comes back; "" when the connection is closed or reset. */
function send(address: string, text: string): Promise<string> {
  const [host, port] = address.split(":") as [string, string];
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(Number(port), host, () => socket.write(text));
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      answer += chunk;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
  });
}
