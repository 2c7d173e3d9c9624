import { afterEach, expect, test } from "vitest";
import { HttpKubeClient } from "./http-kube-client.ts";
import { listAll } from "./list-all.ts";
import { resources } from "./resources.ts";
import {
  answer,
  list,
  pod,
  type ScriptedServer,
  type Step,
  startScript,
  status,
} from "./scripted-server.testing.ts";

let server: ScriptedServer;
let client: HttpKubeClient;
afterEach(async () => {
  client.close();
  await server.stop();
});

async function start(...steps: Step[]) {
  server = await startScript(...steps);
  client = new HttpKubeClient({ socketPath: server.socketPath });
}

const piece = (next: string, ...names: string[]) =>
  answer(200, {
    kind: "PodList",
    metadata: { resourceVersion: "7", continue: next },
    items: names.map((name) => pod(name, 1)),
  });
const names = (pageSize: number, seen: number[] = []) =>
  listAll(client, resources.pods, ({ metadata }) => metadata.name, {
    pageSize,
    namespace: "n",
    onProgress: (items) => seen.push(items),
  });

test("piece by piece, each slimmed and told", async () => {
  await start(piece("A=", "a", "b"), piece("B", "c"), piece("", "d"));
  const seen: number[] = [];
  expect(await names(2, seen)).toEqual(["a", "b", "c", "d"]);
  expect(seen).toEqual([2, 3, 4]);
  expect(server.requests).toEqual([
    "GET /api/v1/namespaces/n/pods?limit=2",
    "GET /api/v1/namespaces/n/pods?limit=2&continue=A%3D",
    "GET /api/v1/namespaces/n/pods?limit=2&continue=B",
  ]);
});

test("a server that forgets the revision twice is asked for everything at once", async () => {
  const expired = answer(410, status(410, "Expired"));
  await start(piece("A", "a"), expired, piece("B", "x"), expired, list(9, pod("a", 1), pod("b", 1)));
  expect(await names(1)).toEqual(["a", "b"]);
  expect(server.requests.at(-1)).toBe("GET /api/v1/namespaces/n/pods");
});

test("what is refused stays refused", async () => {
  await start(answer(403, status(403, "Forbidden")));
  await expect(names(1)).rejects.toMatchObject({ code: 403 });
});
