import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import type { RawContainer, RawProbe } from "../raw-pod.ts";
import { type CheckPlace, check } from "./check.ts";
import { Prober } from "./prober.ts";
import { Supervision } from "./supervision.ts";

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
  vi.useRealTimers();
});

async function serve(listener: RequestListener): Promise<number> {
  const listening = createServer(listener);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return (listening.address() as AddressInfo).port;
}

const place = (container: Omit<RawContainer, "name"> = {}, exec?: CheckPlace["exec"]): CheckPlace => ({
  container: { name: "c", ...container },
  address: "127.0.0.1",
  exec: exec ?? (async () => ({ code: 0, output: "", timedOut: false })),
});

test.each([
  [200, { ok: true, message: "" }],
  [399, { ok: true, message: "" }],
  [404, { ok: false, message: "HTTP probe failed with statuscode: 404" }],
  [500, { ok: false, message: "HTTP probe failed with statuscode: 500" }],
])("status %i", async (status, result) => {
  const containerPort = await serve((_, response) => response.writeHead(status).end());
  const ports = [{ name: "web", containerPort }];
  expect(await check({ httpGet: { port: "web", path: "/x" } }, place({ ports }), 5_000)).toEqual(result);
});

test("a request carries its headers, and a redirect on the same host is followed", async () => {
  const seen: string[] = [];
  const port = await serve(({ url = "", headers }, response) => {
    seen.push(`${url} ${headers["user-agent"]} ${headers["x-a"]}`);
    if (url === "/") response.writeHead(302, { location: "/next" });
    response.end();
  });
  const httpHeaders = [{ name: "X-A", value: "1" }];
  expect(await check({ httpGet: { port, httpHeaders } }, place(), 5_000)).toMatchObject({ ok: true });
  expect(seen).toEqual(["/ kube-probe/1.34 1", "/next kube-probe/1.34 1"]);
});

test("silence and refusal are told in the kubelet's words", async () => {
  const port = await serve(() => {});
  expect((await check({ httpGet: { port } }, place(), 50)).message).toBe(
    `Get "http://127.0.0.1:${port}/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
  );
  expect(await check({ tcpSocket: { port } }, place(), 5_000)).toEqual({ ok: true, message: "" });
  server?.closeAllConnections();
  server?.close();
  expect(await check({ tcpSocket: { port } }, place(), 5_000)).toEqual({
    ok: false,
    message: `dial tcp 127.0.0.1:${port}: connect: connection refused`,
  });
});

test("a program's output and lateness are told; a port's name must be one of the container's", async () => {
  const failing = place({}, async () => ({ code: 1, output: "woe", timedOut: false }));
  expect(await check({ exec: { command: ["x"] } }, failing, 1_000)).toEqual({ ok: false, message: "woe" });
  const late = place({}, async () => ({ code: 137, output: "", timedOut: true }));
  expect((await check({ exec: { command: ["sleep", "9"] } }, late, 1_000)).message).toBe(
    'command timed out: "sleep 9" timed out after 1s',
  );
  expect((await check({ tcpSocket: { port: "none" } }, place(), 1_000)).message).toBe(
    "couldn't find port: none",
  );
  expect((await check({ grpc: { port: 1 } }, place(), 1_000)).ok).toBe(false);
});

test("an opinion comes after enough equal answers in a row", async () => {
  vi.useFakeTimers();
  const answers = [true, false, false, true, false, false, false, true];
  const verdicts: string[] = [];
  let asked = 0;
  const probe: RawProbe = { initialDelaySeconds: 5, periodSeconds: 2, failureThreshold: 3 };
  const prober = new Prober({
    probe,
    check: async () => ({ ok: answers[asked++] ?? true, message: "no" }),
    onVerdict: (ok) => verdicts.push(`${asked} ${ok}`),
    onFailure: () => {},
    ageMs: 1_000,
  });
  await vi.advanceTimersByTimeAsync(3_999);
  expect(asked).toBe(0);
  await vi.advanceTimersByTimeAsync(1 + 2_000 * 7);
  expect(verdicts).toEqual(["1 true", "7 false", "8 true"]);
  prober.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toBe(8);
});

test("until the startup probe has succeeded the others wait; without a readiness probe listening counts", async () => {
  vi.useFakeTimers();
  let up = false;
  const asked: string[] = [];
  const exec: CheckPlace["exec"] = async ([word = ""]) => {
    asked.push(word);
    return { code: word === "startup" && !up ? 1 : 0, output: "", timedOut: false };
  };
  const probe = (word: string): RawProbe => ({ exec: { command: [word] }, periodSeconds: 1 });
  const container = {
    startupProbe: { ...probe("startup"), failureThreshold: 30 },
    livenessProbe: probe("liveness"),
  };
  let listening: () => void = () => {};
  const supervision = new Supervision({
    place: place(container, exec),
    listening: new Promise((resolve) => {
      listening = resolve;
    }),
    onChange: () => {},
    onUnhealthy: () => {},
    onFailure: () => {},
  });
  await vi.advanceTimersByTimeAsync(3_000);
  expect([new Set(asked), supervision.started]).toEqual([new Set(["startup"]), false]);
  up = true;
  await vi.advanceTimersByTimeAsync(1_500);
  expect([asked.at(-1), supervision.started, supervision.ready]).toEqual(["liveness", true, false]);
  listening();
  await vi.advanceTimersByTimeAsync(0);
  expect(supervision.ready).toBe(true);
  supervision.stop();
});
