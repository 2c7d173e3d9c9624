import { setMaxListeners } from "node:events";
import http from "node:http";
import { type KubeObject, resources, type WatchEvent } from "@portcullis/kube";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { namespace, pod, type RunningApi, startApi } from "./api.testing.ts";

const { pods, namespaces } = resources;

let api: RunningApi;
beforeEach(async () => {
  api = await startApi({ history: 100, bookmarkEveryMs: 20 });
});
afterEach(() => api.stop());

/** Reads `count` events of a watch and ends it. */
async function take(events: AsyncIterable<WatchEvent>, count: number): Promise<string[]> {
  const told: string[] = [];
  for await (const { type, object } of events) {
    told.push(`${type} ${object.metadata.name ?? ""}`.trim());
    if (told.length === count) break;
  }
  return told;
}

const relabel = (object: KubeObject, labels: Record<string, string>) =>
  api.client.update(pods, { ...object, metadata: { ...object.metadata, labels } });

const noWatches = () => vi.waitFor(() => expect(api.server.store.watchCount).toBe(0));

describe("watching over REST", () => {
  it("tells what exists when no revision is given, then what happens", async () => {
    await api.client.create(pods, pod("a"));
    const events = take(api.client.watch(pods, { resourceVersion: "0" }), 2);
    await vi.waitFor(() => expect(api.server.store.watchCount).toBe(1));
    await api.client.create(pods, pod("b"));
    expect(await events).toEqual(["ADDED a", "ADDED b"]);
    await noWatches();
  });

  it("tells what happened after a revision, as this watch's selector sees it", async () => {
    const { resourceVersion } = await api.client.list(pods);
    const made = await api.client.create(pods, pod("a", { labels: { tier: "front" } }));
    await api.client.create(pods, pod("b", { labels: { tier: "back" } }));
    const moved = await relabel(made, { tier: "back" });
    await relabel(moved, { tier: "front", version: "2" });
    await api.client.delete(pods, "a", "default");
    const front = api.client.watch(pods, { resourceVersion, labelSelector: "tier=front" });
    expect(await take(front, 4)).toEqual(["ADDED a", "DELETED a", "ADDED a", "DELETED a"]);
    const one = api.client.watch(pods, {
      resourceVersion,
      fieldSelector: "metadata.name=b",
      namespace: "default",
    });
    expect(await take(one, 1)).toEqual(["ADDED b"]);
  });

  it("tells many watchers the same", async () => {
    const { resourceVersion } = await api.client.list(pods);
    const watchers = Array.from({ length: 20 }, () => take(api.client.watch(pods, { resourceVersion }), 50));
    await Promise.all(Array.from({ length: 50 }, (_, i) => api.client.create(pods, pod(`p${i}`))));
    const told = await Promise.all(watchers);
    expect(new Set(told[0]).size).toBe(50);
    for (const each of told) expect(each).toEqual(told[0]);
    await noWatches();
  });

  it("is refused with 410 when the revision was compacted", async () => {
    await api.client.create(pods, pod("a"));
    await api.client.create(pods, pod("b"));
    api.server.store.compact(api.server.store.revision);
    const old = api.client.watch(pods, { resourceVersion: "1" });
    await expect(take(old, 1)).rejects.toMatchObject({ code: 410, reason: "Expired" });
  });

  it("sends bookmarks when asked, up to the newest revision", async () => {
    const { resourceVersion } = await api.client.list(pods);
    const made = await api.client.create(namespaces, namespace("other"));
    for await (const { type, object } of api.client.watch(pods, { resourceVersion, bookmarks: true })) {
      expect(type).toBe("BOOKMARK");
      expect(object.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
      expect(object.kind).toBe("Pod");
      break;
    }
  });

  it("ends after timeoutSeconds", async () => {
    const { resourceVersion } = await api.client.list(pods);
    expect(await take(api.client.watch(pods, { resourceVersion, timeoutSeconds: 1 }), 1)).toEqual([]);
    expect(api.server.store.watchCount).toBe(0);
  });

  it("marks the end of the initial events when asked", async () => {
    await api.client.create(pods, pod("a"));
    const query =
      "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const lines = await firstLines(`/api/v1/pods?${query}`, 2);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { type: "ADDED", object: { metadata: { name: "a" } } },
      { type: "BOOKMARK", object: { metadata: { annotations: { "k8s.io/initial-events-end": "true" } } } },
    ]);
  });
});

describe("watchers that go or stall", () => {
  it("may come a thousand at once, and go", async () => {
    const { resourceVersion } = await api.client.list(pods);
    const abort = new AbortController();
    setMaxListeners(0, abort.signal);
    const watching = { resourceVersion, signal: abort.signal };
    const all = Promise.allSettled(
      Array.from({ length: 1000 }, () => take(api.client.watch(pods, watching), 2)),
    );
    await vi.waitFor(() => expect(api.server.store.watchCount).toBe(1000), { timeout: 10_000 });
    abort.abort();
    await all;
    await vi.waitFor(() => expect(api.server.store.watchCount).toBe(0), { timeout: 10_000 });
  });

  it("leave nothing behind", async () => {
    const { resourceVersion } = await api.client.list(pods);
    const aborts = Array.from({ length: 30 }, () => new AbortController());
    const watches = aborts.map(({ signal }) => take(api.client.watch(pods, { resourceVersion, signal }), 1));
    const settled = Promise.allSettled(watches);
    await vi.waitFor(() => expect(api.server.store.watchCount).toBe(30));
    for (const abort of aborts) abort.abort();
    expect((await settled).every(({ status }) => status === "rejected")).toBe(true);
    await noWatches();
  });

  it("that do not read are told that they were overtaken, and hold up nobody", async () => {
    const { resourceVersion } = await api.client.list(pods);
    const response = await open(`/api/v1/pods?watch=1&resourceVersion=${resourceVersion}`);
    response.pause();
    const padding = "x".repeat(100_000);
    let object = await api.client.create(pods, pod("a"));
    for (let i = 0; i < 400; i++) {
      object = await api.client.update(pods, {
        ...object,
        metadata: { ...object.metadata, annotations: { i: String(i), padding } },
      });
    }
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const lines = Buffer.concat(chunks).toString().trimEnd().split("\n");
    expect(lines.length).toBeLessThan(400);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      type: "ERROR",
      object: { code: 410, reason: "Expired" },
    });
    await noWatches();
  });

  it("end when the server closes", async () => {
    const { resourceVersion } = await api.client.list(pods);
    const events = take(api.client.watch(pods, { resourceVersion }), 1);
    await vi.waitFor(() => expect(api.server.store.watchCount).toBe(1));
    await api.server.close();
    expect(await events).toEqual([]);
  });
});

function open(path: string): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    http.get({ socketPath: api.socketPath, path, agent: false }, resolve).on("error", reject);
  });
}

async function firstLines(path: string, count: number): Promise<string[]> {
  const response = await open(path);
  let text = "";
  for await (const chunk of response) {
    text += String(chunk);
    if (text.split("\n").length > count) break;
  }
  return text.split("\n").slice(0, count);
}
