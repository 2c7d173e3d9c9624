import { afterEach, describe, expect, it } from "vitest";
import type { WatchEvent } from "./client.ts";
import { ApiError, Unreachable } from "./errors.ts";
import { HttpKubeClient, type HttpKubeClientOptions } from "./http-kube-client.ts";
import { resources } from "./resources.ts";
import {
  answer,
  events,
  list,
  pod,
  type ScriptedServer,
  type Step,
  startScript,
  status,
} from "./scripted-server.testing.ts";

const { pods, networkpolicies, nodes } = resources;

let server: ScriptedServer | undefined;
let client: HttpKubeClient | undefined;
afterEach(async () => {
  client?.close();
  await server?.stop();
  server = undefined;
});

async function start(options: HttpKubeClientOptions, ...steps: Step[]): Promise<HttpKubeClient> {
  server = await startScript(...steps);
  client = new HttpKubeClient({ socketPath: server.socketPath }, options);
  return client;
}

async function collect(watch: AsyncIterable<WatchEvent>): Promise<{ names: string[]; error: unknown }> {
  const names: string[] = [];
  try {
    for await (const { object } of watch) names.push(object.metadata.name);
  } catch (error) {
    return { names, error };
  }
  return { names, error: undefined };
}

describe("requests", () => {
  it("go to the paths of the API", async () => {
    const ok = answer(200, pod("a", 1));
    const api = await start({}, ok, ok, ok, ok, ok, list(7), list(8));
    await api.get(pods, "a/b", "n");
    await api.create(networkpolicies, pod("p", 1));
    await api.update(pods, pod("a", 1), "status");
    await api.delete(nodes, "x");
    await api.create(pods, { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } });
    await api.list(pods, { labelSelector: "a in (b)", fieldSelector: "metadata.name=c" });
    expect(await api.list(pods, { namespace: "n" })).toEqual({ items: [], resourceVersion: "8" });
    expect(server?.requests).toEqual([
      "GET /api/v1/namespaces/n/pods/a%2Fb",
      "POST /apis/networking.k8s.io/v1/namespaces/n/networkpolicies",
      "PUT /api/v1/namespaces/n/pods/a/status",
      "DELETE /api/v1/nodes/x",
      "POST /api/v1/namespaces/default/pods",
      "GET /api/v1/pods?labelSelector=a+in+%28b%29&fieldSelector=metadata.name%3Dc",
      "GET /api/v1/namespaces/n/pods",
    ]);
  });

  it("that are refused throw the server's Status", async () => {
    const api = await start({}, answer(409, status(409, "Conflict", "no")), answer(502, "<html>"));
    const refused = await api.get(pods, "a", "n").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({ code: 409, reason: "Conflict", message: "no" });
    await expect(api.get(pods, "a", "n")).rejects.toMatchObject({ code: 502, reason: "" });
  });

  it.each<[string, Step]>([
    ["is no JSON", answer(200, "<html>")],
    [
      "breaks off",
      (response) => response.writeHead(200, { "content-length": 100 }).write("{", () => response.destroy()),
    ],
    ["never comes", () => undefined],
    ["never ends", (response) => response.writeHead(200, { "content-length": 100 }).write("{")],
    ["is a hang-up", (response) => response.destroy()],
  ])("whose answer %s are Unreachable", async (_, step) => {
    const api = await start({ timeoutMs: 100 }, step);
    await expect(api.list(pods)).rejects.toBeInstanceOf(Unreachable);
  });

  it("to nobody are Unreachable", async () => {
    const nobody = new HttpKubeClient({ socketPath: "/nonexistent/socket" });
    await expect(nobody.list(pods)).rejects.toThrow(
      /^the Kubernetes API at \/nonexistent\/socket cannot be reached: /,
    );
    expect(() => new HttpKubeClient({ url: "ftp://x" })).toThrow(TypeError);
  });

  it("end with the caller's reason when they are aborted", async () => {
    const api = await start({}, () => undefined);
    const abort = new AbortController();
    const listing = api.list(pods, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error("enough")), 20);
    await expect(listing).rejects.toThrow("enough");
  });

  it("that read are tried again when the kept connection has died", async () => {
    const dies: Step = (_, request) => request.socket.destroy();
    const api = await start({}, list(1), dies, list(2));
    await api.list(pods);
    expect((await api.list(pods)).resourceVersion).toBe("2");
    const once = await start({}, list(1), dies, answer(201, pod("a", 1)));
    await once.list(pods);
    await expect(once.create(pods, pod("a", 1))).rejects.toBeInstanceOf(Unreachable);
  });
});

describe("watches", () => {
  const since = { resourceVersion: "1" };

  it("give events as they come, cut anywhere, and end with the server", async () => {
    const text = ["ä", "b"]
      .map((name) => `${JSON.stringify({ type: "ADDED", object: pod(name, 2) })}\n`)
      .join("");
    const api = await start({}, (response) => {
      response.writeHead(200);
      const bytes = [...Buffer.from(text)];
      const next = () => {
        const byte = bytes.shift();
        if (byte === undefined) response.end();
        else response.write(Buffer.from([byte]), () => setImmediate(next));
      };
      next();
    });
    expect(await collect(api.watch(pods, since))).toEqual({ names: ["ä", "b"], error: undefined });
  });

  it("throw the Status of an ERROR event, and of a refusal", async () => {
    const gone = status(410, "Expired");
    const api = await start({}, events("hang", ["ADDED", pod("a", 2)], ["ERROR", gone]), answer(410, gone));
    const told = await collect(api.watch(pods, since));
    expect(told).toMatchObject({ names: ["a"], error: { code: 410, reason: "Expired" } });
    expect((await collect(api.watch(pods, since))).error).toBeInstanceOf(ApiError);
  });

  it("are Unreachable when the connection breaks, stays silent, or speaks nonsense", async () => {
    const api = await start(
      { watchGraceMs: -900 },
      events("break", ["ADDED", pod("a", 2)]),
      events("hang", ["ADDED", pod("a", 2)]),
      answer(200, "<html>\n"),
    );
    for (const names of [["a"], ["a"], []]) {
      const told = await collect(api.watch(pods, { ...since, timeoutSeconds: 1 }));
      expect(told.names).toEqual(names);
      expect(told.error).toBeInstanceOf(Unreachable);
    }
  });

  it("let go of the connection when their reader leaves", async () => {
    let gone: Promise<void> | undefined;
    const api = await start({}, (response, request) => {
      gone = new Promise((resolve) => request.socket.once("close", () => resolve()));
      events("hang", ["ADDED", pod("a", 2)])(response, request);
    });
    for await (const _ of api.watch(pods, since)) break;
    await gone;
  });
});
