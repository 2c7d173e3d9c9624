import { once } from "node:events";
import { type SandboxHandle, startSandbox } from "@portcullis/sandbox";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Answer, Door } from "./door.testing.ts";

// The requests of two tools that cannot be had here, as their sources make them: k9s-and-headlamp.md tells which, and when.

let sandbox: SandboxHandle;
let door: Door;
const json = { "content-type": "application/json" };
const inDefault = "/api/v1/namespaces/default";
const wait = { timeout: 20_000, interval: 20 };

beforeAll(async () => {
  sandbox = await startSandbox({ name: `k9s-and-headlamp-${process.pid}` });
  door = new Door(sandbox.info.kubeconfig);
  const containers = [{ name: "web", image: "busybox", command: ["sh", "-c", "echo grüß; sleep 1000"] }];
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "web" }, spec: { containers } };
  await door.ask("POST", `${inDefault}/pods?fieldValidation=Strict`, { body: pod, headers: json });
  await sandbox.running([{ namespace: "default", name: "web" }]);
});

afterAll(() => sandbox?.stop());

type Items = readonly { readonly metadata: { readonly name: string }; readonly [field: string]: unknown }[];
const names = ({ body }: Answer) => (body.items as Items).map(({ metadata }) => metadata.name);
const versionOf = ({ body }: Answer) => (body.metadata as { resourceVersion: string }).resourceVersion;
const deployment = (name: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "default" },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "main", image: "portcullis/echo" }] },
    },
  },
});

describe("k9s", () => {
  const get = (path: string, accept = "application/json, */*") =>
    door.ask("GET", path, { headers: { accept } });
  const discovery = ["v2", "v2beta1"].map(
    (version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
  );

  test("connects, finds what there is, and that there are no metrics", async () => {
    expect((await get("/version?timeout=10s")).body).toMatchObject({
      gitVersion: expect.stringMatching(/^v1\.\d+\./),
    });
    const groups = await get("/apis?timeout=10s", [...discovery, "application/json"].join(","));
    expect(groups.type).toBe(discovery[0]);
    expect(names(groups)).toEqual(expect.arrayContaining(["apps", "events.k8s.io", "networking.k8s.io"]));
    expect(names(groups)).not.toContain("metrics.k8s.io");
    expect(names(await get("/api?timeout=10s", [...discovery, "application/json"].join(",")))).toEqual([""]);
    expect(JSON.stringify((await get("/apis")).body)).not.toContain("metrics.k8s.io");
    expect(await get("/apis/metrics.k8s.io/v1beta1/nodes")).toMatchObject({
      code: 404,
      body: { kind: "Status", reason: "NotFound" },
    });
  });

  test("asks whether it may before it looks", async () => {
    for (const verb of ["get", "list", "watch"]) {
      const resourceAttributes = { version: "v1", resource: "pods", verb };
      const metadata = { creationTimestamp: null };
      const body = {
        kind: "SelfSubjectAccessReview",
        apiVersion: "authorization.k8s.io/v1",
        metadata,
        spec: { resourceAttributes },
        status: { allowed: false },
      };
      const asked = await door.ask("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
        body,
        headers: json,
      });
      expect(asked).toMatchObject({ code: 201, body: { status: { allowed: true } } });
    }
    expect(names(await get("/api/v1/namespaces"))).toEqual(
      expect.arrayContaining(["default", "kube-system"]),
    );
    expect(names(await get("/api/v1/nodes"))).toEqual(["portcullis"]);
  });

  test("follows every kind by an informer, and draws the others as tables", async () => {
    for (const path of ["/api/v1/pods", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"]) {
      const list = await get(`${path}?limit=500&resourceVersion=0`, "application/json");
      expect(list.code).toBe(200);
      const query = `allowWatchBookmarks=true&resourceVersion=${versionOf(list)}&timeoutSeconds=420&watch=true`;
      const watch = await door.stream("GET", `${path}?${query}`, { headers: { accept: "application/json" } });
      expect([watch.statusCode, watch.headers["content-type"]]).toEqual([200, "application/json"]);
      watch.destroy();
    }
    const table = "application/json;as=Table;v=v1;g=meta.k8s.io, application/json";
    const events = "/apis/events.k8s.io/v1/namespaces/default/events?includeObject=Object";
    await vi.waitFor(async () => {
      const { body } = await get(events, table);
      expect(body).toMatchObject({ kind: "Table", apiVersion: "meta.k8s.io/v1" });
      const rows = body.rows as { cells: string[]; object: { regarding: object } }[];
      const started = rows.find(({ cells }) => cells[2] === "Started");
      expect(started).toMatchObject({ object: { regarding: { kind: "Pod", name: "web" } } });
    }, wait);
  });

  test("reads a log on and on, restarts and scales", async () => {
    const query = "container=web&follow=true&sinceSeconds=300&tailLines=100&timestamps=true";
    const log = await door.stream("GET", `${inDefault}/pods/web/log?${query}`);
    const [line] = (await once(log, "data")) as [Buffer];
    expect(String(line)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z grüß\n$/);
    log.destroy();
    const path = "/apis/apps/v1/namespaces/default/deployments";
    await door.ask("POST", path, { body: deployment("k9s"), headers: json });
    const annotations = { "kubectl.kubernetes.io/restartedAt": "2026-01-02T03:04:05Z" };
    const restart = await door.ask("PATCH", `${path}/k9s`, {
      body: { spec: { template: { metadata: { annotations } } } },
      headers: { "content-type": "application/strategic-merge-patch+json" },
    });
    expect(restart).toMatchObject({ code: 200, body: { spec: { template: { metadata: { annotations } } } } });
    // A controller may have written in between; then it is asked again, as client-go's users do.
    await vi.waitFor(async () => {
      const { body: scale } = await get(`${path}/k9s/scale`);
      const put = await door.ask("PUT", `${path}/k9s/scale`, {
        body: { ...scale, spec: { replicas: 1 } },
        headers: json,
      });
      expect(put).toMatchObject({ code: 200, body: { spec: { replicas: 1 } } });
    }, wait);
    const options = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Background" };
    expect((await door.ask("DELETE", `${path}/k9s`, { body: options, headers: json })).code).toBe(200);
  });
});

describe("Headlamp", () => {
  const accept = "application/json;v=v2;g=apidiscovery.k8s.io;as=APIGroupDiscoveryList";
  const socket = "base64.binary.k8s.io";
  const post = (path: string, body: object) => door.ask("POST", path, { body, headers: json });
  const get = (path: string) => door.ask("GET", path);

  test("finds the cluster healthy, and whom it is to it", async () => {
    expect((await get("/version")).body).toMatchObject({ major: "1", platform: expect.any(String) });
    expect(await get("/healthz")).toMatchObject({ code: 200, text: "ok" });
    const rules = await post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", {
      spec: { namespace: "default" },
    });
    expect(rules).toMatchObject({ code: 201, body: { kind: "SelfSubjectRulesReview" } });
    const who = await post("/apis/authentication.k8s.io/v1/selfsubjectreviews", {
      apiVersion: "authentication.k8s.io/v1",
      kind: "SelfSubjectReview",
    });
    expect(who).toMatchObject({
      code: 201,
      body: { status: { userInfo: { username: "kubernetes-admin" } } },
    });
    for (const path of ["/api", "/apis"]) {
      const found = await door.ask("GET", path, { headers: { accept } });
      const versions = (found.body.items as Items).map(
        (group) => group.versions as { resources: unknown[] }[],
      );
      expect(versions.length).toBeGreaterThan(0);
      for (const [first] of versions) expect(first?.resources.length).toBeGreaterThan(0);
    }
  });

  test("what is not there is a clean 404", async () => {
    const missing = [
      "/apis/metrics.k8s.io/v1beta1/nodes",
      "/apis/metrics.k8s.io/v1beta1/namespaces/default/pods",
      "/apis/gateway.networking.k8s.io/v1/gateways",
    ];
    for (const path of missing)
      expect(await get(path)).toMatchObject({ code: 404, body: { kind: "Status", code: 404 } });
  });

  test("watches by WebSocket what it has listed", async () => {
    const path = "/api/v1/configmaps";
    const list = await get(`${path}?limit=1000`);
    const all = await door.converse(`${path}?watch=1&resourceVersion=${versionOf(list)}`, [socket]);
    const one = await door.converse(`${inDefault}/configmaps?watch=1&fieldSelector=metadata.name%3Dtold`, [
      socket,
    ]);
    expect(all.protocol).toBe(socket);
    await post(`${inDefault}/configmaps?fieldValidation=Strict`, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "told" },
      data: { colour: "grün" },
    });
    for (const { messages } of [all, one]) {
      await vi.waitFor(() => expect(messages.length).toBe(1), wait);
      expect(JSON.parse(messages[0]!)).toMatchObject({ type: "ADDED", object: { data: { colour: "grün" } } });
    }
    all.close();
    one.close();
    const warnings = await get("/api/v1/events?limit=2000&fieldSelector=type!%3DNormal");
    expect(warnings).toMatchObject({ code: 200, body: { items: [] } });
  });

  test("a browser, which can set no header, gives its token as a subprotocol", async () => {
    const path = `${inDefault}/configmaps?watch=1&fieldSelector=metadata.name%3Dkube-root-ca.crt`;
    const bearer = (token: string) =>
      `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString("base64url")}`;
    const without = { authorization: "" };
    const watch = await door.converse(path, [socket, bearer(door.token)], without);
    expect(watch.protocol).toBe(socket);
    await vi.waitFor(() => expect(watch.messages.length).toBe(1), wait);
    watch.close();
    const refused = [
      [socket],
      [socket, bearer("wrong")],
      [bearer(door.token)],
      [socket, bearer(door.token), bearer("x")],
    ];
    for (const protocols of refused)
      await expect(door.converse(path, protocols, without)).rejects.toThrow("refused with 401");
  });

  test("reads a log by WebSocket in base64, and by HTTP", async () => {
    const query = "container=web&previous=false&timestamps=false&follow=true&tailLines=100";
    const log = await door.converse(`${inDefault}/pods/web/log?${query}`, [socket]);
    await vi.waitFor(() => expect(log.messages.length).toBe(1), wait);
    expect(Buffer.from(log.messages[0]!, "base64").toString("utf8")).toBe("grüß\n");
    log.close();
    const stream = await door.stream(
      "GET",
      `${inDefault}/pods/web/log?container=web&follow=true&timestamps=true`,
    );
    const [line] = (await once(stream, "data")) as [Buffer];
    expect(String(line)).toContain("Z grüß\n");
    stream.destroy();
  });

  test("opens a terminal: the first protocol that both sides know", async () => {
    const query = "container=web&command=sh&stdin=1&stderr=1&stdout=1&tty=1";
    const channels = ["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"];
    const shell = await door.converse(`${inDefault}/pods/web/exec?${query}`, [socket, ...channels]);
    expect(shell.protocol).toBe("v4.channel.k8s.io");
    shell.send(Buffer.from('\x04{"Width":91,"Height":33}'));
    shell.send(Buffer.from("\x00stty size; exit 5\r"));
    const said = (channel: string) =>
      shell.messages.filter((message) => message[0] === channel).map((message) => message.slice(1));
    await vi.waitFor(() => expect(said("\x03").join("")).toContain('"message":"5"'), wait);
    expect(said("\x01").join("")).toContain("33 91");
    shell.close();
  });

  test("saves, scales, evicts and deletes", async () => {
    const path = "/apis/apps/v1/namespaces/default/deployments";
    const strict = "fieldValidation=Strict";
    expect((await post(`${path}?${strict}&dryRun=All`, deployment("head"))).code).toBe(201);
    expect((await get(`${path}/head`)).code).toBe(404);
    const made = await post(`${path}?${strict}`, deployment("head"));
    expect(made.code).toBe(201);
    expect((await post(`${path}?${strict}`, deployment("head"))).code).toBe(409);
    const typo = { ...deployment("typo"), spec: { ...deployment("typo").spec, replics: 1 } };
    const refused = await post(`${path}?${strict}`, typo);
    expect(refused).toMatchObject({
      code: 400,
      body: { message: expect.stringContaining('unknown field "spec.replics"') },
    });
    const saved = await door.ask("PUT", `${path}/head?${strict}`, {
      body: {
        ...made.body,
        metadata: { ...(made.body.metadata as object), labels: { saved: "yes" }, resourceVersion: undefined },
      },
      headers: json,
    });
    expect(saved).toMatchObject({ code: 200, body: { metadata: { labels: { saved: "yes" } } } });
    const scaled = await door.ask("PATCH", `${path}/head/scale?${strict}`, {
      body: { spec: { replicas: 2 } },
      headers: { "content-type": "application/merge-patch+json" },
    });
    expect(scaled).toMatchObject({ code: 200, body: { kind: "Scale", spec: { replicas: 2 } } });
    expect((await door.ask("DELETE", `${path}/head`, { headers: json })).code).toBe(200);
    const metadata = { name: "web", namespace: "default" };
    expect((await post(`${inDefault}/pods/web/eviction`, { metadata })).code).toBe(201);
  });
});
