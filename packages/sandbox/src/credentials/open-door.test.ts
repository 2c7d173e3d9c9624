import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type RequestOptions, request } from "node:https";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { ApiServer } from "@portcullis/apiserver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator, newToken } from "./administrator.ts";
import { CertificateAuthority } from "./certificate-authority.ts";
import { openDoor } from "./open-door.ts";

const openssl = "/usr/bin/openssl";

let directory: string;
let api: ApiServer;
let server: string;
let ca: string;
const token = newToken();

const apiServer = () =>
  new ApiServer({
    clusterCidrs: { services: ["10.96.0.0/16"] },
    access: { tokens: [{ token, user: administrator }] },
  });

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "portcullis-door-"));
  api = apiServer();
  ({ server } = await openDoor(api, { name: "review", directory, token, apiPort: 0 }));
  ca = Buffer.from(field("certificate-authority-data"), "base64").toString();
});
afterAll(async () => {
  await api.close();
  rmSync(directory, { recursive: true });
});

const kubeconfig = () => readFileSync(join(directory, "kubeconfig"), "utf8");
const field = (name: string) => new RegExp(`${name}: (.*)`).exec(kubeconfig())?.[1] ?? "";

interface Answer {
  readonly code: number;
  readonly body: { readonly message?: string; readonly [field: string]: unknown };
}

/** One request on a connection of its own. */
function ask(path: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(`${server}${path}`, { ca, agent: false, ...options }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => {
        const json = response.headers["content-type"]?.startsWith("application/json");
        resolve({ code: response.statusCode!, body: json ? JSON.parse(text) : { text } });
      });
    });
    asked.once("error", reject).end();
  });
}

const withToken = (bearer: string) => ({ headers: { authorization: `Bearer ${bearer}` } });
const pods = "/api/v1/namespaces/default/pods";

it("writes a kubeconfig that only its owner can read", () => {
  expect(statSync(join(directory, "kubeconfig")).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory, "api-tls.sock")).mode & 0o777).toBe(0o600);
  expect(kubeconfig()).toContain("current-context: portcullis-review\n");
  expect(field("server")).toBe(server);
  expect(server).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
});

describe("over TLS", () => {
  it("the token of the kubeconfig may do everything", async () => {
    expect(await ask(pods, withToken(field("token")))).toMatchObject({
      code: 200,
      body: { kind: "PodList" },
    });
    const lowerCase = { headers: { authorization: `bearer  ${token}` } };
    expect((await ask("/api/v1/secrets", lowerCase)).code).toBe(200);
  });

  it("nobody else gets in", async () => {
    const unauthorized = {
      code: 401,
      body: { kind: "Status", status: "Failure", message: "Unauthorized", reason: "Unauthorized", code: 401 },
    };
    expect(await ask(pods)).toMatchObject(unauthorized);
    for (const headers of [
      withToken(`${token}x`).headers,
      withToken(token.slice(1)).headers,
      withToken("").headers,
      { authorization: token },
      { authorization: `Basic ${Buffer.from(`admin:${token}`).toString("base64")}` },
    ])
      expect(await ask(pods, { headers }), JSON.stringify(headers)).toMatchObject(unauthorized);
    expect(await ask("/version", withToken("wrong"))).toMatchObject(unauthorized);
    expect(await ask("/no/such/path")).toMatchObject(unauthorized);
  });

  it("anyone may ask how the server is", async () => {
    for (const path of ["/healthz", "/livez", "/readyz", "/version"])
      expect((await ask(path)).code).toBe(200);
    expect((await ask("/version/../api/v1/pods")).code).toBe(401);
  });

  it.each([
    ["GET http://127.0.0.1/api/v1/pods", "", 401],
    ["GET /healthz/../api/v1/pods", "", 401],
    ["GET /healthz%2F..%2Fapi/v1/pods", "", 401],
    ["GET //healthz", "", 401],
    ["OPTIONS *", "", 401],
    ["POST /version", "Content-Length: 0\r\n", 403],
    ["GET /version", "Impersonate-User: admin\r\nImpersonate-Group: system:masters\r\n", 403],
    ["GET /api/v1/pods", `Authorization: Bearer ${"x".repeat(100_000)}\r\n`, 401],
    [
      "GET /api/v1/namespaces/default/pods/x/exec?command=id",
      "Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n",
      401,
    ],
    ["\u0000\u0001", "", 400],
  ])("there is no way around: %j is %3$i", async (line, headers, code) => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port: Number(new URL(server).port), ca }, () => {
        socket.write(`${line} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
      });
      socket.once("data", (data) => {
        resolve(data.toString("latin1").split("\r\n")[0]!);
        socket.destroy();
      });
      socket.once("error", reject);
    });
    expect(answer).toContain(`HTTP/1.1 ${code} `);
  });

  it("a client certificate of our authority is its name and organizations", async () => {
    const authority = await CertificateAuthority.make("clients");
    const other = apiServer();
    const pair = await authority.issue({ commonName: "kube-apiserver", hosts: ["127.0.0.1"] });
    const address = await other.listenSecure(
      { host: "127.0.0.1", port: 0 },
      { ...pair, clientCa: authority.cert },
    );
    const at = { ca: authority.cert, port: "port" in address ? address.port : 0 };
    const jane = await authority.issue({ commonName: "jane", organizations: ["devs", "ops"] });
    expect(await ask(pods, { ...at, ...jane })).toMatchObject({
      code: 403,
      body: {
        message:
          'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
        details: { kind: "pods" },
      },
    });
    const admin = await authority.issue({ commonName: "admin", organizations: ["ops", "system:masters"] });
    expect((await ask(pods, { ...at, ...admin })).code).toBe(200);
    const stranger = await (await CertificateAuthority.make("clients")).issue({
      commonName: "admin",
      organizations: ["system:masters"],
    });
    expect((await ask(pods, { ...at, ...stranger })).code).toBe(401);
    expect((await ask(pods, { ...at, ...stranger, ...withToken(token) })).code).toBe(200);
    await other.close();
  });
});

describe("the server's certificate", () => {
  it("is good for every name of the API, and for no other", async () => {
    for (const servername of [
      "localhost",
      "kubernetes",
      "kubernetes.default.svc",
      "kubernetes.default.svc.cluster.local",
    ])
      expect((await ask("/healthz", { servername, headers: { host: servername } })).code).toBe(200);
    await expect(
      ask("/healthz", { headers: { host: "example.com" }, servername: "example.com" }),
    ).rejects.toThrow("does not match certificate's altnames");
    await expect(ask("/healthz", { ca: undefined })).rejects.toThrow();
  });

  it("is what openssl takes for one too", async () => {
    if (!existsSync(openssl)) return;
    const authority = await CertificateAuthority.make("portcullis-ca");
    const files = (name: string, text: string) => {
      writeFileSync(join(directory, name), text);
      return join(directory, name);
    };
    const caFile = files("ca.pem", authority.cert);
    const { cert } = await authority.issue({
      commonName: "kube-apiserver",
      hosts: ["kubernetes", "10.96.0.1", "fd00::1"],
    });
    const client = await authority.issue({ commonName: "jane", organizations: ["devs", "ops"] });
    const verify = (...args: string[]) =>
      execFileSync(openssl, ["verify", "-x509_strict", "-CAfile", caFile, ...args], { encoding: "utf8" });
    const serverFile = files("server.pem", cert);
    for (const address of ["10.96.0.1", "fd00::1"])
      expect(verify("-purpose", "sslserver", "-verify_ip", address, serverFile)).toContain("OK");
    expect(verify("-purpose", "sslserver", "-verify_hostname", "kubernetes", serverFile)).toContain("OK");
    expect(verify("-purpose", "sslclient", files("client.pem", client.cert))).toContain("OK");
    expect(() => verify("-purpose", "sslserver", files("client.pem", client.cert))).toThrow();
    const { subject, ca: isAuthority } = new X509Certificate(client.cert);
    expect(subject.split("\n").sort()).toEqual(["CN=jane", "O=devs", "O=ops"]);
    expect(isAuthority).toBe(false);
  });
});

describe("the port", () => {
  let taken: Server;
  let port: number;
  beforeAll(async () => {
    taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    port = (taken.address() as { port: number }).port;
  });
  afterAll(() => void taken.close());

  it("that was asked for must be free", async () => {
    const other = apiServer();
    const place = mkdtempSync(join(tmpdir(), "portcullis-door-"));
    const opening = openDoor(other, { name: "default", directory: place, token, apiPort: port });
    await expect(opening).rejects.toMatchObject({
      code: "unusable",
      message: expect.stringContaining(`cannot serve the API on port ${port}`),
    });
    await other.close();
    rmSync(place, { recursive: true });
  });

  it("is any other when the usual one is taken", async () => {
    const first = apiServer();
    const second = apiServer();
    const places = [0, 1].map(() => mkdtempSync(join(tmpdir(), "portcullis-door-")));
    const doors = [
      await openDoor(first, { name: "default", directory: places[0]!, token }),
      await openDoor(second, { name: "other", directory: places[1]!, token }),
    ];
    expect(new Set(doors.map((door) => door.server)).size).toBe(2);
    await Promise.all([first.close(), second.close()]);
    for (const place of places) rmSync(place, { recursive: true });
  });
});
