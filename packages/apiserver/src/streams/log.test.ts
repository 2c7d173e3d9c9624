import { get } from "node:http";
import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { pod } from "../rest/api.testing.ts";
import { rawRequest } from "../rest/raw-request.testing.ts";
import { runningStatus, type StreamingApi, startStreaming } from "./running-pod.testing.ts";

let api: StreamingApi;
beforeEach(async () => {
  api = await startStreaming();
});
afterEach(() => api.stop());

const ask = (path: string) => rawRequest(api.socketPath, "GET", `/api/v1/namespaces/default/pods/${path}`);

async function message(path: string): Promise<[number, string]> {
  const { code, body } = await ask(path);
  return [code, (JSON.parse(body) as { message: string }).message];
}

it("gives plain text, with what was asked for passed on", async () => {
  const answer = await ask(
    "web/log?timestamps=true&tailLines=5&limitBytes=100&sinceTime=2026-01-02T03:04:05Z&follow=false",
  );
  expect(answer).toMatchObject({ code: 200, body: "one\ntwo\n" });
  expect(answer.headers["content-type"]).toBe("text/plain");
  const asked = { follow: false, previous: false, timestamps: true, tailLines: 5, limitBytes: 100 };
  expect(api.streams.logRequests).toEqual([{ ...asked, sinceTime: new Date("2026-01-02T03:04:05Z") }]);
});

it("follows until the reader goes", async () => {
  const request = get({ socketPath: api.socketPath, path: api.path("log", { follow: "true" }) });
  const text = new Promise((resolve, reject) => {
    request.once("response", (response) => response.once("data", (chunk: Buffer) => resolve(String(chunk))));
    request.once("error", reject);
  });
  expect(await text).toBe("one\ntwo\n");
  expect(api.streams.followers).toBe(1);
  request.destroy();
  await vi.waitFor(() => expect(api.streams.followers).toBe(0));
});

it("refuses in the words that people look for", async () => {
  expect(await message("none/log")).toEqual([404, 'pods "none" not found']);
  expect(await message("web/log?container=x")).toEqual([400, "container x is not valid for pod web"]);
  expect(await message("web/log?previous=true")).toEqual([
    400,
    'previous terminated container "web" in pod "web" not found',
  ]);
  expect(await message("web/log?tailLines=-1")).toEqual([
    422,
    'PodLogOptions "" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
  ]);
  expect(await message("web/log?tailLines=x")).toEqual([
    400,
    'strconv.ParseInt: parsing "x": invalid syntax',
  ]);
});

it("of a container that did not start there is no log, but a reason", async () => {
  const terminated = { exitCode: 128, reason: "StartError", message: 'exec: "nosuch": not found' };
  const [refused, why] = [400, 'container "web" in pod "web" did not start: exec: "nosuch": not found'];
  await api.setStatus("web", runningStatus("web", { state: { terminated } }));
  expect(await message("web/log")).toEqual([refused, why]);
  const waiting = { reason: "CrashLoopBackOff" };
  await api.setStatus("web", runningStatus("web", { state: { waiting }, lastState: { terminated } }));
  expect(await message("web/log")).toEqual([refused, why]);
  await api.setStatus("web", runningStatus("web", { lastState: { terminated } }));
  expect((await ask("web/log")).code).toBe(200);
  expect(await message("web/log?previous=true")).toEqual([refused, why]);
});

it.each([
  ["ContainerCreating", "ContainerCreating"],
  ["ErrImagePull", "image can't be pulled"],
  ["ImagePullBackOff", "trying and failing to pull image"],
])("says of a container that waits for %s: %s", async (reason, words) => {
  await api.setStatus("web", runningStatus("web", { state: { waiting: { reason } } }));
  expect(await message("web/log")).toEqual([
    400,
    `container "web" in pod "web" is waiting to start: ${words}`,
  ]);
});

it("shows the last life of a container that waits to be restarted", async () => {
  const lastState = { terminated: { exitCode: 1 } };
  const state = { waiting: { reason: "CrashLoopBackOff" } };
  await api.setStatus("web", runningStatus("web", { state, lastState }));
  expect(await ask("web/log")).toMatchObject({ code: 200, body: "one\ntwo\n" });
  expect(await ask("web/log?previous=1")).toMatchObject({ code: 200 });
});

it("asks which container, and has nothing of a pod without a node", async () => {
  const containers = ["a", "b"].map((name) => ({ name, image: "nginx" }));
  const two = pod("two");
  const initContainers = [{ name: "i", image: "nginx" }];
  await api.client.create(resources.pods, { ...two, spec: { containers, initContainers } });
  expect(await message("two/log")).toEqual([
    400,
    "a container name must be specified for pod two, choose one of: [a b] or one of the init containers: [i]",
  ]);
  expect(await ask("two/log?container=a")).toMatchObject({ code: 200, body: "" });
});

it("tells a request without an upgrade that it needs one", async () => {
  for (const subresource of ["exec", "attach", "portforward"])
    expect(await message(`web/${subresource}?command=ls`)).toEqual([400, "Upgrade request required"]);
});

/** Reads the log by WebSocket until `enough` is there, or to its end; gives the messages. */
async function byWebSocket(query: Readonly<Record<string, string>>, protocols: string[], enough = Infinity) {
  const socket = new WebSocket(`ws+unix:${api.socketPath}:${api.path("log", query)}`, protocols);
  const messages: { text: string; binary: boolean }[] = [];
  await new Promise((resolve, reject) => {
    socket.on("message", (message: Buffer, binary) => {
      messages.push({ text: String(message), binary });
      if (messages.length >= enough) socket.terminate();
    });
    socket.once("close", resolve);
    socket.once("error", reject);
  });
  return { messages, protocol: socket.protocol };
}

it("goes by WebSocket too, as bytes or in base64, for browsers", async () => {
  const plain = [{ text: "one\ntwo\n", binary: true }];
  expect(await byWebSocket({}, [])).toEqual({ messages: plain, protocol: "" });
  expect(await byWebSocket({}, ["binary.k8s.io"])).toEqual({ messages: plain, protocol: "binary.k8s.io" });
  const coded = [{ text: Buffer.from("one\ntwo\n").toString("base64"), binary: false }];
  const base64 = "base64.binary.k8s.io";
  expect(await byWebSocket({ tailLines: "5" }, [base64])).toEqual({ messages: coded, protocol: base64 });
  expect(await byWebSocket({ follow: "true" }, [base64], 1)).toMatchObject({ messages: coded });
  await vi.waitFor(() => expect(api.streams.followers).toBe(0));
  await expect(byWebSocket({ previous: "true" }, [base64])).rejects.toThrow("400");
  await expect(byWebSocket({}, ["v4.channel.k8s.io"])).rejects.toThrow("400");
});
