import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StaticSite } from "./static-site.ts";
import { ApiProblem, sendJson, startUiServer, type UiServer } from "./ui-server.ts";

let folder: string;
let server: UiServer;
let cookie: string;
let writes = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "portcullis-ui-"));
  mkdirSync(join(folder, "site", "assets"), { recursive: true });
  writeFileSync(join(folder, "secret.json"), "{}");
  writeFileSync(join(folder, "site", "index.html"), "<html><head></head></html>");
  writeFileSync(join(folder, "site", "assets", "a.js"), "1");
  server = await startUiServer(new StaticSite(join(folder, "site")), {
    "GET world": async (_, response) => sendJson(response, { origin: "test" }),
    "POST apply": async (_, response) => {
      writes++;
      sendJson(response, {});
    },
    "GET broken": async () => {
      throw new ApiProblem(409, "not now");
    },
  });
  const { headers } = await ask({ path: new URL(server.url).pathname + new URL(server.url).search });
  cookie = String(headers["set-cookie"]?.[0]).split(";")[0]!;
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

test("the token becomes a cookie that no other page can send, and leaves the address", async () => {
  const { status, headers } = await ask({ path: `/${new URL(server.url).search}` });
  expect(status).toBe(303);
  expect(headers.location).toBe("/");
  expect(headers["set-cookie"]?.[0]).toMatch(/; HttpOnly; SameSite=Strict$/);
});

test("with it there are the page, its parts and the API", async () => {
  const page = await ask({ path: "/", cookie });
  expect(page.text).toContain('name="portcullis-server"');
  expect(page.headers["content-security-policy"]).toContain("default-src 'self'");
  expect(await ask({ path: "/assets/a.js", cookie })).toMatchObject({ status: 200, text: "1" });
  expect(await ask({ path: "/api/world", cookie })).toMatchObject({ status: 200, text: '{"origin":"test"}' });
  expect(await ask({ path: "/api/broken", cookie })).toMatchObject({
    status: 409,
    text: '{"error":"not now"}',
  });
});

test.each([
  ["without the cookie", { path: "/api/world" }, 401],
  ["with a wrong token", { path: "/?token=x" }, 401],
  ["by a name that was bound to this address", { path: "/api/world", host: "evil.example" }, 403],
  ["by such a name, with the token", { path: "token", host: "evil.example" }, 403],
  ["from another page", { path: "/api/world", origin: "http://evil.example" }, 403],
  ["to write, as a form of another page would", { path: "/api/apply", method: "POST" }, 403],
  ["for what is outside of the site", { path: "/../secret.json" }, 404],
  ["for what is outside, written otherwise", { path: "/%2e%2e/secret.json" }, 404],
  ["for what is not there", { path: "/api/nothing" }, 404],
])("a request %s is refused", async (name, { path, ...asked }, status) => {
  const withCookie = name.startsWith("with") ? {} : { cookie };
  const real = path === "token" ? `/${new URL(server.url).search}` : path;
  expect((await ask({ path: real, ...withCookie, ...asked })).status).toBe(status);
  expect(writes).toBe(0);
});

test.each(["//", "http://[", "///"])(
  "a request for %s, which is no URL, is answered, and the server goes on",
  async (path) => {
    expect((await ask({ path })).status).toBe(400);
    expect((await ask({ path: "/", cookie })).status).toBe(200);
  },
);

test("a port that is taken is said in a sentence", async () => {
  const again = startUiServer(new StaticSite(join(folder, "site")), {}, Number(new URL(server.url).port));
  await expect(again).rejects.toThrow(/^--port \d+: another program listens there$/);
});

test("what writes carries the header of our own page", async () => {
  const { host } = new URL(server.url);
  const asked = { path: "/api/apply", method: "POST", cookie, origin: `http://${host}`, "x-portcullis": "1" };
  expect((await ask(asked)).status).toBe(200);
  expect(writes).toBe(1);
});

interface Asked {
  readonly path: string;
  readonly method?: string;
  readonly [header: string]: string | undefined;
}

function ask({ path, method = "GET", ...headers }: Asked) {
  const { hostname, port } = new URL(server.url);
  type Answer = { status: number; headers: IncomingHttpHeaders; text: string };
  return new Promise<Answer>((resolve, reject) => {
    const asking = request({ hostname, port, path, method, headers: { ...headers } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    asking.on("error", reject).end();
  });
}
