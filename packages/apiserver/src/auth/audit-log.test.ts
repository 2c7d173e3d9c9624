import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ApiServer } from "../api-server.ts";

let directory: string;
let api: ApiServer;
const file = () => join(directory, "audit.log");
const start = () =>
  new ApiServer({
    clusterCidrs: { services: ["10.96.0.0/16"] },
    auditLog: file(),
    clock: () => new Date("2026-01-02T03:04:05.678Z"),
  });

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "portcullis-audit-"));
  api = start();
  await api.listen({ socketPath: join(directory, "api.sock") });
});
afterEach(() => rmSync(directory, { recursive: true }));

function get(path: string, headers = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { socketPath: join(directory, "api.sock"), path, headers, agent: false },
      (response) => {
        response.resume().on("end", () => resolve(response.statusCode!));
      },
    );
    asked.once("error", reject).end();
  });
}

it("has a line for each request: who, what, what came of it and why", async () => {
  const headers = { "user-agent": "kubectl", "impersonate-user": "jane" };
  expect(await get("/api/v1/namespaces/default/pods?limit=1", { "user-agent": "kubectl" })).toBe(200);
  expect(await get("/apis/apps/v1/namespaces/a/deployments/d/scale", headers)).toBe(403);
  expect(await get("/version")).toBe(200);
  await api.close();
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  const events = readFileSync(file(), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const times = {
    requestReceivedTimestamp: "2026-01-02T03:04:05.678000Z",
    stageTimestamp: "2026-01-02T03:04:05.678000Z",
  };
  const admin = { username: "system:admin", groups: ["system:masters", "system:authenticated"] };
  expect(events).toEqual([
    {
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level: "Metadata",
      auditID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      stage: "ResponseComplete",
      requestURI: "/api/v1/namespaces/default/pods?limit=1",
      verb: "list",
      user: admin,
      sourceIPs: [],
      userAgent: "kubectl",
      objectRef: { resource: "pods", namespace: "default", apiVersion: "v1" },
      responseStatus: { metadata: {}, code: 200 },
      ...times,
      annotations: { "authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": "" },
    },
    expect.objectContaining({
      verb: "get",
      user: admin,
      impersonatedUser: { username: "jane", groups: ["system:authenticated"] },
      objectRef: {
        resource: "deployments",
        namespace: "a",
        name: "d",
        apiGroup: "apps",
        apiVersion: "v1",
        subresource: "scale",
      },
      responseStatus: { metadata: {}, code: 403 },
      annotations: { "authorization.k8s.io/decision": "forbid", "authorization.k8s.io/reason": "" },
    }),
    expect.objectContaining({
      verb: "get",
      requestURI: "/version",
      responseStatus: { metadata: {}, code: 200 },
    }),
  ]);
});

it("goes on where another server ended", async () => {
  await get("/version");
  await api.close();
  api = start();
  await api.listen({ socketPath: join(directory, "api.sock") });
  await get("/version");
  await api.close();
  expect(readFileSync(file(), "utf8").trimEnd().split("\n")).toHaveLength(2);
});
