import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KubeObject, resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, it } from "vitest";
import { namespace, pod, type RunningApi, service, startApi } from "./rest/api.testing.ts";

const { pods, namespaces, services } = resources;

let directory: string;
const running: RunningApi[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "portcullis-state-"));
});
afterEach(async () => {
  for (const api of running.splice(0)) await api.stop();
  rmSync(directory, { recursive: true });
});

async function start(): Promise<RunningApi> {
  const api = await startApi({ persistence: { directory } });
  running.push(api);
  return api;
}

it("a server that is started again has what it had, and gives no address twice", async () => {
  const first = await start();
  await first.client.create(namespaces, namespace("team"));
  await first.client.create(pods, pod("web", { namespace: "team" }));
  const one = await first.client.create(services, service("one"));
  const lists = await Promise.all([namespaces, pods, services].map((each) => first.client.list(each)));
  await first.server.close();

  const second = await start();
  const again = await Promise.all([namespaces, pods, services].map((each) => second.client.list(each)));
  expect(again.map(({ items }) => items)).toEqual(lists.map(({ items }) => items));
  const two = await second.client.create(services, service("two"));
  const ipOf = ({ spec }: KubeObject) => (spec as { clusterIP: string }).clusterIP;
  expect(ipOf(two)).not.toBe(ipOf(one));
  await expect(
    second.client.create(services, service("three", { clusterIP: ipOf(one) })),
  ).rejects.toMatchObject({ message: expect.stringContaining("provided IP is already allocated") });
  const late = pod("late", { namespace: "team" });
  expect((await second.client.create(pods, late)).metadata.namespace).toBe("team");
});

it("one that was not closed goes on as well, at revisions that nobody has seen", async () => {
  const first = await start();
  await first.client.create(pods, pod("web"));
  const { resourceVersion } = await first.client.list(pods);
  const second = await start();
  const list = await second.client.list(pods);
  expect(list.items.map(({ metadata }) => metadata.name)).toEqual(["web"]);
  expect(Number(list.resourceVersion)).toBeGreaterThan(Number(resourceVersion));
  const events = second.client.watch(pods, { resourceVersion })[Symbol.asyncIterator]();
  await expect(events.next()).rejects.toMatchObject({ code: 410, reason: "Expired" });
});
