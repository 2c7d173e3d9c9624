import { ApiError, type KubeClient, type KubeObject } from "@portcullis/kube";
import { expect, test, vi } from "vitest";
import { EventRecorder } from "./recorder.ts";

const pod: KubeObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "shop", uid: "u1", resourceVersion: "7" },
};

/** Keeps Events, and fails as it is told to. */
function fakeApi() {
  const events = new Map<string, KubeObject>();
  const refuse = (reason: string, code: number) => new ApiError({ kind: "Status", reason, code });
  let failure: Error | undefined;
  const client = {
    create: async (_: unknown, event: KubeObject) => {
      if (failure !== undefined) throw failure;
      events.set(event.metadata.name, event);
      return event;
    },
    update: async (_: unknown, event: KubeObject) => {
      if (!events.has(event.metadata.name)) throw refuse("NotFound", 404);
      events.set(event.metadata.name, event);
      return event;
    },
  } as unknown as KubeClient;
  return {
    events,
    client,
    list: () => [...events.values()],
    failWith: (error: Error | undefined) => {
      failure = error;
    },
    refuse,
  };
}

test("an Event says who saw what on which object", async () => {
  const api = fakeApi();
  new EventRecorder(api.client, "kubelet", "portcullis").record(
    pod,
    "Warning",
    "BackOff",
    "Back-off",
    "spec.containers{c}",
  );
  await vi.waitFor(() => expect(api.events.size).toBe(1));
  const [event] = api.list();
  expect(event).toMatchObject({
    apiVersion: "v1",
    kind: "Event",
    metadata: { namespace: "shop", name: expect.stringMatching(/^web\.[0-9a-f]{16}$/) },
    involvedObject: {
      apiVersion: "v1",
      kind: "Pod",
      namespace: "shop",
      name: "web",
      uid: "u1",
      resourceVersion: "7",
      fieldPath: "spec.containers{c}",
    },
    type: "Warning",
    reason: "BackOff",
    message: "Back-off",
    count: 1,
    source: { component: "kubelet", host: "portcullis" },
    reportingComponent: "kubelet",
    reportingInstance: "portcullis",
  });
  expect(event?.firstTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test("what repeats counts up in one Event; another message or object is another", async () => {
  const api = fakeApi();
  const recorder = new EventRecorder(api.client, "c");
  recorder.record(pod, "Normal", "R", "m");
  recorder.record(pod, "Normal", "R", "m");
  await vi.waitFor(() => expect(api.list()).toMatchObject([{ count: 2 }]));
  recorder.record(pod, "Normal", "R", "m");
  recorder.record(pod, "Normal", "R", "other");
  recorder.record({ ...pod, metadata: { ...pod.metadata, uid: "u2" } }, "Normal", "R", "m");
  await vi.waitFor(() => expect(api.list().map(({ count }) => count)).toEqual([3, 1, 1]));
});

test("an Event that expired begins anew", async () => {
  const api = fakeApi();
  const recorder = new EventRecorder(api.client, "c");
  recorder.record(pod, "Normal", "R", "m");
  await vi.waitFor(() => expect(api.events.size).toBe(1));
  api.events.clear();
  recorder.record(pod, "Normal", "R", "m");
  await vi.waitFor(() => expect(api.list()).toMatchObject([{ count: 1 }]));
});

test("a failure is logged and forgotten; of a namespace that goes away not even that; the next is written", async () => {
  const api = fakeApi();
  const lines: string[] = [];
  const recorder = new EventRecorder(api.client, "c", undefined, (line) => lines.push(line));
  api.failWith(api.refuse("Forbidden", 403));
  recorder.record(pod, "Normal", "Quiet", "m");
  await new Promise((resolve) => setTimeout(resolve, 5));
  api.failWith(new Error("broken"));
  recorder.record(pod, "Normal", "Told", "m");
  await vi.waitFor(() => expect(lines).toEqual(["event Told of web: Error: broken"]));
  api.failWith(undefined);
  recorder.record(pod, "Normal", "R", "m");
  await vi.waitFor(() => expect(api.list()).toMatchObject([{ reason: "R" }]));
});

test("what comes faster than it can be written is dropped beyond a bound", async () => {
  const api = fakeApi();
  const recorder = new EventRecorder(api.client, "c");
  for (let index = 0; index < 5_000; index++) recorder.record(pod, "Normal", "R", `m${index}`);
  recorder.record(pod, "Normal", "R", "m0");
  await vi.waitFor(() => expect(api.events.size).toBe(1_000));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(api.events.size).toBe(1_000);
  expect(api.list()[0]).toMatchObject({ message: "m0", count: 2 });
});
