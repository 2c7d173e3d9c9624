import { afterEach, describe, expect, it } from "vitest";
import type { KubeObject } from "./client.ts";
import { HttpKubeClient } from "./http-kube-client.ts";
import { reflect } from "./reflect.ts";
import type { Reflection, ReflectOptions } from "./reflection.ts";
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

let server: ScriptedServer;
afterEach(() => server.stop());

interface Told {
  /** What the handler was told, with the position: `upsert a@12 =11`. */
  readonly events: string[];
  readonly waits: number[];
  readonly errors: string[];
}

/** Reflects the script until `count` events were told; waits are recorded and not waited. */
async function reflectUntil(count: number, steps: Step[], options: ReflectOptions = {}): Promise<Told> {
  server = await startScript(...steps);
  const client = new HttpKubeClient(
    { socketPath: server.socketPath },
    { timeoutMs: 200, watchGraceMs: -900 },
  );
  const abort = new AbortController();
  const told: Told = { events: [], waits: [], errors: [] };
  const tell = (text: string) => {
    if (told.events.push(text) === count) abort.abort();
  };
  await reflect(client, resources.pods, (event) => tell(describeEvent(event)), abort.signal, {
    watchSeconds: 1,
    streamedList: false,
    random: () => 0,
    delay: async (milliseconds) => {
      told.waits.push(milliseconds);
    },
    onError: (error) => told.errors.push(error instanceof Error ? error.message : String(error)),
    onProgress: (version) => tell(`progress =${version}`),
    ...options,
  });
  client.close();
  return told;
}

function describeEvent(event: Reflection): string {
  if (event.type === "sync") return `sync ${event.objects.map(nameOf).join(" ")} =${event.resourceVersion}`;
  return `${event.type} ${nameOf(event.object)} =${event.resourceVersion}`;
}

const initialEnd = (version: number) => ({
  kind: "Pod",
  metadata: { resourceVersion: String(version), annotations: { "k8s.io/initial-events-end": "true" } },
});

function nameOf({ metadata }: { metadata: { name: string; resourceVersion?: string } }): string {
  return `${metadata.name}@${metadata.resourceVersion ?? "?"}`;
}

describe("reflect", () => {
  it("lists, then follows", async () => {
    const { events: told } = await reflectUntil(4, [
      list(10, pod("a", 5)),
      events("hang", ["ADDED", pod("b", 11)], ["MODIFIED", pod("a", 12)], ["DELETED", pod("b", 13)]),
    ]);
    expect(told).toEqual(["sync a@5 =10", "upsert b@11 =11", "upsert a@12 =12", "delete b@13 =13"]);
    expect(server.requests[0]).toBe("GET /api/v1/pods?limit=500");
    expect(server.requests[1]).toBe(
      "GET /api/v1/pods?watch=true&resourceVersion=10&allowWatchBookmarks=true&timeoutSeconds=1",
    );
  });

  it("tells after 410 what differs, once, and completes the list with the last", async () => {
    const { events: told, waits } = await reflectUntil(5, [
      list(10, pod("same", 1), pod("changed", 2), pod("vanished", 3)),
      events("end", ["ERROR", status(410, "Expired")]),
      list(20, pod("changed", 15), pod("new", 16), pod("same", 1)),
      events("hang", ["ADDED", pod("after", 21)]),
    ]);
    expect(told).toEqual([
      "sync same@1 changed@2 vanished@3 =10",
      "delete vanished@? =10",
      "upsert changed@15 =10",
      "upsert new@16 =20",
      "upsert after@21 =21",
    ]);
    expect(waits).toEqual([200]);
  });

  it("swallows what is told twice or out of order", async () => {
    const { events: told } = await reflectUntil(4, [
      list(10, pod("a", 5)),
      events(
        "hang",
        ["ADDED", pod("a", 5)],
        ["ADDED", pod("b", 11)],
        ["ADDED", pod("b", 11)],
        ["DELETED", pod("b", 12)],
        ["ADDED", pod("b", 11)],
        ["DELETED", pod("b", 12)],
        ["MODIFIED", pod("a", 13)],
      ),
    ]);
    expect(told).toEqual(["sync a@5 =10", "upsert b@11 =11", "delete b@12 =12", "upsert a@13 =13"]);
  });

  it("outlives 500, hang-ups, nonsense, half-open connections and silence, with growing waits", async () => {
    const {
      events: told,
      waits,
      errors,
    } = await reflectUntil(3, [
      answer(500, status(500, "InternalError")),
      (response) => response.destroy(),
      answer(200, "<html>"),
      () => undefined,
      list(10, pod("a", 5)),
      events("hang"),
      list(10, pod("a", 5)),
      events("break"),
      list(11, pod("a", 5)),
      answer(403, status(403, "Forbidden")),
      list(12, pod("a", 12)),
    ]);
    expect(told).toEqual(["sync a@5 =10", "progress =10", "progress =11"]);
    // The client itself tries a read again after a hang-up on a kept connection.
    expect(waits).toEqual([200, 400, 800, 1600, 3200]);
    expect(errors[0]).toBe("InternalError");
  });

  it("begins the waits anew once the server behaves", async () => {
    const down = answer(503, status(503, "ServiceUnavailable"));
    const { waits } = await reflectUntil(3, [
      down,
      down,
      list(10),
      events("end", ["ADDED", pod("a", 11)]),
      down,
      list(12, pod("a", 12)),
    ]);
    expect(waits).toEqual([200, 400, 200, 400]);
  });

  it("goes on from where a watch ended in good order, without a list", async () => {
    let now = 0;
    const { events: told } = await reflectUntil(
      3,
      [list(10), events("end", ["ADDED", pod("a", 11)]), events("hang", ["ADDED", pod("b", 12)])],
      { now: () => (now += 1000) },
    );
    expect(told).toEqual(["sync  =10", "upsert a@11 =11", "upsert b@12 =12"]);
    expect(server.requests[2]).toContain("resourceVersion=11");
  });

  it("follows a server that began anew with lower revisions", async () => {
    const { events: told } = await reflectUntil(4, [
      list(100, pod("a", 50), pod("b", 60)),
      events("break"),
      list(3, pod("a", 2)),
      events("hang", ["ADDED", pod("c", 4)]),
    ]);
    expect(told).toEqual(["sync a@50 b@60 =100", "delete b@? =3", "upsert a@2 =3", "upsert c@4 =4"]);
  });

  it("tells of progress from bookmarks", async () => {
    const { events: told } = await reflectUntil(2, [list(10), events("hang", ["BOOKMARK", pod("", 15)])]);
    expect(told).toEqual(["sync  =10", "progress =15"]);
  });

  it("has the list streamed, and follows on the same watch", async () => {
    const { events: told } = await reflectUntil(
      3,
      [
        events(
          "hang",
          ["ADDED", pod("a", 5)],
          ["ADDED", pod("b", 6)],
          ["DELETED", pod("b", 11)],
          ["MODIFIED", pod("a", 12)],
          ["BOOKMARK", initialEnd(12)],
          ["ADDED", pod("c", 13)],
          ["BOOKMARK", pod("", 14)],
        ),
      ],
      { streamedList: true },
    );
    expect(told).toEqual(["sync a@12 =12", "upsert c@13 =13", "progress =14"]);
    expect(server.requests).toEqual([
      "GET /api/v1/pods?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1",
    ]);
  });

  it.each([400, 422])("lists in pieces, without a wait, where streaming is refused with %d", async (code) => {
    const { events: told, waits } = await reflectUntil(
      2,
      [answer(code, status(code, "Invalid")), list(10, pod("a", 5)), events("hang", ["ADDED", pod("b", 11)])],
      { streamedList: true },
    );
    expect(told).toEqual(["sync a@5 =10", "upsert b@11 =11"]);
    expect(waits).toEqual([]);
    expect(server.requests[1]).toBe("GET /api/v1/pods?limit=500");
  });

  it("lists in pieces where streamed lists break, or never end", async () => {
    const { events: told, waits } = await reflectUntil(
      1,
      [
        events("break", ["ADDED", pod("a", 5)]),
        events("hang", ["ADDED", pod("a", 5)]),
        list(10, pod("a", 5)),
      ],
      { streamedList: true, streamSilenceMs: 30 },
    );
    expect(told).toEqual(["sync a@5 =10"]);
    expect(waits).toEqual([200, 400]);
  });

  it("goes on with a streamed list when a server is only away for a while", async () => {
    const { events: told } = await reflectUntil(
      1,
      [
        answer(503, status(503, "ServiceUnavailable")),
        answer(429, status(429, "TooManyRequests")),
        answer(503, status(503, "ServiceUnavailable")),
        events("hang", ["ADDED", pod("a", 5)], ["BOOKMARK", initialEnd(12)]),
      ],
      { streamedList: true },
    );
    expect(told).toEqual(["sync a@5 =12"]);
  });

  it("waits as long as the server asks for, within a minute", async () => {
    const busy =
      (seconds: string): Step =>
      (response, request) => {
        response.setHeader("retry-after", seconds);
        answer(429, status(429, "TooManyRequests"))(response, request);
      };
    const { waits } = await reflectUntil(1, [busy("3"), busy("100000"), busy("soon"), list(10)]);
    expect(waits).toEqual([3000, 60_000, 800]);
  });

  it("takes no answer that is not a list for an empty one", async () => {
    const { events: told, errors } = await reflectUntil(1, [
      answer(200, {}),
      answer(200, null),
      answer(200, { kind: "Status" }),
      answer(200, { kind: "PodList", items: [] }),
      list(10, pod("a", 5)),
    ]);
    expect(told).toEqual(["sync a@5 =10"]);
    expect(errors).toHaveLength(4);
  });

  it("keeps what the handler's slimming makes of an object, and of nothing that was told already", async () => {
    server = await startScript(
      list(10, pod("a", 5), pod("b", 6)),
      events("end", ["ERROR", status(410, "Expired")]),
      list(20, pod("a", 5), pod("b", 15)),
    );
    const client = new HttpKubeClient({ socketPath: server.socketPath });
    const abort = new AbortController();
    const slimmed: string[] = [];
    const told: string[] = [];
    const slim = (object: KubeObject) => {
      slimmed.push(nameOf(object));
      return object.metadata.name.toUpperCase();
    };
    const handler = (event: Reflection<string>) => {
      if (event.type === "sync") told.push(event.objects.join());
      if (event.type === "upsert") told.push(event.object);
      if (told.length === 2) abort.abort();
    };
    await reflect(client, resources.pods, handler, abort.signal, { slim, streamedList: false, firstMs: 1 });
    client.close();
    expect(told).toEqual(["A,B", "B"]);
    expect(slimmed).toEqual(["a@5", "b@6", "b@15"]);
  });

  it("tells that all is well again, once", async () => {
    const down = answer(503, status(503, "ServiceUnavailable"));
    const seen: string[] = [];
    await reflectUntil(1, [down, down, list(10)], {
      onError: (_, __, verb) => seen.push(verb),
      onRecovered: () => seen.push("well"),
    });
    expect(seen).toEqual(["list", "list", "well"]);
  });

  it("stops when told to, also while it waits", async () => {
    server = await startScript(answer(500, status(500, "InternalError")));
    const client = new HttpKubeClient({ socketPath: server.socketPath });
    const abort = new AbortController();
    const onError = () => setTimeout(() => abort.abort(), 10);
    await reflect(client, resources.pods, () => undefined, abort.signal, { firstMs: 60_000, onError });
    client.close();
  });

  it("rejects with what the handler throws", async () => {
    server = await startScript(list(10));
    const client = new HttpKubeClient({ socketPath: server.socketPath });
    const failing = () => {
      throw new RangeError("a bug");
    };
    const { signal } = new AbortController();
    const reflecting = reflect(client, resources.pods, failing, signal, { streamedList: false });
    await expect(reflecting).rejects.toThrow(new RangeError("a bug"));
    client.close();
  });
});
