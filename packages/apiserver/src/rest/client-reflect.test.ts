import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpKubeClient, type Reflection, reflect, resources } from "@portcullis/kube";
import { expect, it, vi } from "vitest";
import { ApiServer } from "../api-server.ts";
import { pod } from "./api.testing.ts";

const { pods } = resources;

const stateOf = ({ metadata }: { metadata: { uid?: string; resourceVersion?: string } }) =>
  `${metadata.uid} ${metadata.resourceVersion}`;

/** A reader that keeps a copy and refuses what does not fit it. */
function copying(copy: Map<string, string>) {
  return (event: Reflection) => {
    if (event.type === "sync") {
      expect(copy.size).toBe(0);
      for (const object of event.objects) copy.set(object.metadata.name, stateOf(object));
    } else if (event.type === "upsert") {
      const { name } = event.object.metadata;
      expect(copy.get(name)).not.toBe(stateOf(event.object));
      copy.set(name, stateOf(event.object));
    } else {
      expect(copy.delete(event.object.metadata.name)).toBe(true);
    }
  };
}

/** Numerical Recipes' generator: the test is the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

// A server that is restarted empty, cut off and compacted while it is written to; the copy must end equal every time.
it("a reflector ends with what the server holds, whatever happened in between", async () => {
  const directory = mkdtempSync(join(tmpdir(), "portcullis-reflect-"));
  const socketPath = join(directory, "s");
  const start = async () => {
    const server = new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16"] }, history: 8 });
    await server.listen({ socketPath });
    return server;
  };
  let server = await start();
  const random = seeded(20260102);
  const client = new HttpKubeClient({ socketPath });
  const abort = new AbortController();
  const copy = new Map<string, string>();
  const reflecting = reflect(client, pods, copying(copy), abort.signal, { random, firstMs: 1, longestMs: 5 });
  try {
    for (let round = 0; round < 60; round++) {
      const def = server.registry.find("", "v1", "pods")!;
      for (let write = 0; write < 10; write++) writeOne(server, def, random);
      const fate = random();
      if (fate < 0.1) {
        await server.close();
        server = await start();
      } else if (fate < 0.3) {
        server.store.compact(server.store.revision);
      } else if (fate < 0.5) {
        server.store.close();
      }
      if (random() < 0.5) await vi.waitFor(() => expectEqual(copy, server), { interval: 5 });
    }
    await vi.waitFor(() => expectEqual(copy, server), { interval: 5 });
  } finally {
    abort.abort();
    await reflecting;
    client.close();
    await server.close();
    rmSync(directory, { recursive: true });
  }
});

function writeOne(
  server: ApiServer,
  def: NonNullable<ReturnType<ApiServer["registry"]["find"]>>,
  random: () => number,
): void {
  const name = `p${Math.floor(random() * 6)}`;
  const existing = server.registry.list(def).items.find(({ metadata }) => metadata.name === name);
  if (existing === undefined) server.registry.create(def, pod(name), "default");
  else if (random() < 0.5) server.registry.delete(def, name, "default");
  else {
    const metadata = { ...existing.metadata, labels: { v: String(random()) } };
    server.registry.update(def, { ...existing, metadata }, name, "default");
  }
}

function expectEqual(copy: Map<string, string>, server: ApiServer): void {
  const { items } = server.store.list("pods");
  expect([...copy].sort()).toEqual(items.map((object) => [object.metadata.name, stateOf(object)]));
}
