import { gunzipSync } from "node:zlib";
import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { namespace, pod, type RunningApi, startApi } from "./api.testing.ts";
import { jsonRequest } from "./json-request.testing.ts";
import { rawBytes } from "./raw-request.testing.ts";

const { pods, namespaces } = resources;

let api: RunningApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

const get = (query: string) => jsonRequest(api, "GET", `/api/v1/pods?${query}`);
const namesOf = ({ items }: { items: { metadata: { name: string } }[] }) =>
  items.map(({ metadata }) => metadata.name).join("");

async function create(names: string): Promise<void> {
  for (const name of names) await api.client.create(pods, pod(name));
}

describe("a list in pieces", () => {
  it("shows one revision, whatever happens between the pieces", async () => {
    await create("bdfh");
    await api.client.create(namespaces, namespace("zoo"));
    await api.client.create(pods, pod("a", { namespace: "zoo" }));
    const first = (await get("limit=2")).body;
    expect(namesOf(first)).toBe("bd");
    expect(first.metadata).toMatchObject({ remainingItemCount: 3, continue: expect.any(String) });
    await create("ceg");
    await api.client.delete(pods, "f", "default");
    const h = await api.client.get(pods, "h", "default");
    await api.client.update(pods, { ...h, metadata: { ...h.metadata, labels: { changed: "yes" } } });
    const second = (await get(`limit=2&continue=${first.metadata.continue}`)).body;
    expect(namesOf(second)).toBe("fh");
    expect(second.items[1].metadata.labels).toEqual({ run: "h" });
    expect(second.metadata).toMatchObject({
      resourceVersion: first.metadata.resourceVersion,
      remainingItemCount: 1,
    });
    const last = (await get(`limit=2&continue=${second.metadata.continue}`)).body;
    expect(last.items[0].metadata).toMatchObject({ name: "a", namespace: "zoo" });
    expect(last.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
  });

  it("counts what a selector selects, and does not say how much is left", async () => {
    for (const name of "abcd")
      await api.client.create(pods, pod(name, { labels: { odd: String(name < "c") } }));
    const first = (await get("limit=1&labelSelector=odd%3Dtrue")).body;
    expect(first.metadata).not.toHaveProperty("remainingItemCount");
    const second = (await get(`limit=1&labelSelector=odd%3Dtrue&continue=${first.metadata.continue}`)).body;
    expect(namesOf(first) + namesOf(second)).toBe("ab");
    expect(second.metadata).not.toHaveProperty("continue");
  });

  it("that is too old is Expired, with a token to go on from where it was", async () => {
    await create("abc");
    const first = (await get("limit=1")).body;
    await create("de");
    api.server.store.compact(api.server.store.revision);
    const old = await get(`limit=1&continue=${first.metadata.continue}`);
    expect(old).toMatchObject({
      code: 410,
      body: {
        reason: "Expired",
        message: expect.stringMatching(
          /^The provided continue parameter is too old to display a consistent list result\./,
        ),
        metadata: { continue: expect.any(String) },
      },
    });
    const rest = await get(`continue=${old.body.metadata.continue}`);
    expect(namesOf(rest.body)).toBe("bcde");
    expect(rest.body.metadata.resourceVersion).toBe(String(api.server.store.revision));
  });

  it("takes no revision beside the token", async () => {
    await create("ab");
    const { continue: token } = (await get("limit=1")).body.metadata;
    expect(await get(`continue=${token}&resourceVersion=1`)).toMatchObject({
      code: 400,
      body: { message: "specifying resource version is not allowed when using continue" },
    });
  });
});

describe("a list at a revision", () => {
  it("Exact shows the past for as long as it is known", async () => {
    await create("ab");
    const { revision } = api.server.store;
    await api.client.delete(pods, "a", "default");
    await create("c");
    const then = await get(`resourceVersion=${revision}&resourceVersionMatch=Exact`);
    expect(namesOf(then.body)).toBe("ab");
    expect(then.body.metadata.resourceVersion).toBe(String(revision));
    expect(namesOf((await get(`resourceVersion=${revision}&resourceVersionMatch=NotOlderThan`)).body)).toBe(
      "bc",
    );
    api.server.store.compact(api.server.store.revision);
    expect((await get(`resourceVersion=${revision}&resourceVersionMatch=Exact`)).code).toBe(410);
  });

  it("says what does not go together", async () => {
    expect((await get("resourceVersionMatch=Exact")).body.message).toBe(
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden ' +
        "unless resourceVersion is provided",
    );
    expect((await get("resourceVersionMatch=Exact&resourceVersion=0")).code).toBe(422);
    expect((await get("resourceVersionMatch=Some&resourceVersion=1")).code).toBe(422);
    expect((await get("sendInitialEvents=true")).code).toBe(422);
    expect((await get("watch=1&sendInitialEvents=true")).code).toBe(422);
  });
});

describe("large answers", () => {
  it("are compressed for who takes that, and are the same", async () => {
    await Promise.all(Array.from({ length: 400 }, (_, i) => api.client.create(pods, pod(`pod-${i}`))));
    const plain = await get("");
    expect(plain.headers).not.toHaveProperty("content-encoding");
    const packed = await fetchPacked("/api/v1/pods");
    expect(packed.headers["content-encoding"]).toBe("gzip");
    expect(packed.length).toBeLessThan(Number(plain.headers["content-length"]) / 4);
    expect(packed.body).toEqual(plain.body);
    const small = await fetchPacked("/api/v1/namespaces");
    expect(small.headers).not.toHaveProperty("content-encoding");
  });
});

async function fetchPacked(path: string) {
  const { headers, bytes } = await rawBytes(api.socketPath, path, { "accept-encoding": "gzip" });
  const text = headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
  return { headers, length: bytes.length, body: JSON.parse(text.toString()) as unknown };
}
