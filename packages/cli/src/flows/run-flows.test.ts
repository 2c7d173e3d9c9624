import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FlowRecord } from "@portcullis/engine";
import { afterEach, expect, test, vi } from "vitest";
import { interruptAll } from "../io/interrupt.ts";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** An agent that answers as it is told; what it was asked is kept. */
async function agent(answer: (path: string, response: ServerResponse) => void) {
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    asked.push(request.url!);
    answer(request.url!, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const flow = (more: Partial<FlowRecord> = {}): FlowRecord => ({
  kind: "Flow",
  verdict: "allowed",
  node: "n1",
  source: { address: "10.0.0.1", pod: { namespace: "shop", name: "web" } },
  destination: { address: "192.0.2.1" },
  protocol: "TCP",
  port: 443,
  count: 2,
  from: "2026-01-31T12:00:00.123Z",
  to: "2026-01-31T12:00:10.456Z",
  ...more,
});
const dropped = flow({
  verdict: "denied",
  protocol: "ICMP",
  port: 0,
  to: "2026-01-31T12:00:05Z",
  denied: { direction: "Egress", policies: ["shop/a", "shop/b"], reason: "no-match" },
});

const lists =
  (drops: readonly unknown[], flows: readonly unknown[]) => (path: string, response: ServerResponse) =>
    void response.end(JSON.stringify({ flows: path.startsWith("/v1/drops") ? drops : flows }));

async function flows(...args: string[]) {
  const io = new MemoryIo();
  const code = await run(["flows", ...args], io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

test("what several agents saw, the last one last; json lines are records", async () => {
  const one = await agent(lists([dropped], []));
  const two = await agent(lists([], [flow()]));
  const both = ["--agent", one.url, "--agent", two.url];
  const { code, stdout, stderr } = await flows(...both);
  expect([code, stderr]).toEqual([0, "2 flows of the last ten minutes\n"]);
  expect(stdout.split("\n").map((line) => line.trimEnd())).toEqual([
    "LAST                   VERDICT   SOURCE     DESTINATION   PORT      COUNT   BECAUSE",
    "2026-01-31T12:00:05Z   denied    shop/web   192.0.2.1     ICMP      2       egress isolated by shop/a and shop/b; no rule allows any",
    "2026-01-31T12:00:10Z   allowed   shop/web   192.0.2.1     TCP 443   2",
    "",
  ]);
  const json = await flows(...both, "-o", "json");
  expect(
    json.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([flow(), dropped]);
  expect((await flows(...both, "-o", "csv")).stdout).toContain(",n1,10.0.0.1,192.0.2.1,");
});

test("conditions are the agent's to apply; nothing found is said", async () => {
  const { url, asked } = await agent(lists([], []));
  const args = ["-n", "a b", "-n", "c", "--pod", "a/x", "--policy", "a/p", "--verdict", "denied"];
  const { code, stdout, stderr } = await flows("--agent", url, ...args);
  expect([code, stdout, stderr]).toEqual([0, "", "no flow of these was seen in the last ten minutes\n"]);
  const query = "?namespace=a+b&namespace=c&pod=a%2Fx&policy=a%2Fp&verdict=denied";
  expect(asked.sort()).toEqual([`/v1/drops${query}`, `/v1/flows${query}`]);
  expect((await flows("--agent", url)).stderr).toContain("Allowed connections are recorded by");
});

test.each<[string, (path: string, response: ServerResponse) => void, number, string]>([
  [
    "refuses",
    (_, response) => void response.writeHead(400).end("no parameter x\n"),
    2,
    "refuses: no parameter x",
  ],
  [
    "is something else",
    (_, response) => void response.end("<html>"),
    3,
    "the answer is not JSON: is this an agent?",
  ],
  ["says nothing", (_, response) => void response.end("null"), 3, "not an agent's answer"],
  ["has no list", (_, response) => void response.end("{}"), 3, "not an agent's answer"],
  ["tells nonsense", lists([{ ...flow(), port: -1 }], []), 3, "cannot be read: port -1: must be"],
  ["hangs up", (_, response) => void response.destroy(), 3, "does not answer: socket hang up"],
  ["breaks", (_, response) => void response.writeHead(500).end(), 3, "refuses: status 500"],
])("an agent that %s", async (_, answer, code, words) => {
  const { url } = await agent(answer);
  const found = await flows("--agent", url);
  expect(found.stderr).toContain(`the agent at ${url}`);
  expect(found.stderr).toContain(words);
  expect([found.code, found.stdout]).toEqual([code, ""]);
});

test("--follow prints as it comes, comes again when it was away, and ends with Ctrl-C", async () => {
  let streams = 0;
  const { url, asked } = await agent((_, response) => {
    streams++;
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write("retry: 20\n\n: \n\n");
    const send = (type: string, data: object) =>
      response.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
    send("drop", dropped);
    send("rest", { verdict: "denied", flows: 3, count: 9 });
    send("dropped", { events: 1 });
    send("condition", { type: "Drifted" });
    if (streams === 1) response.end();
    else send("flow", flow({ count: 1 }));
  });
  const io = new MemoryIo();
  const ended = run(["flows", "--agent", url, "--follow", "-n", "shop"], io);
  await vi.waitFor(() => expect(io.stdout).toContain("allowed"), { timeout: 20_000 });
  interruptAll(130);
  expect(await ended).toBe(130);
  const drop =
    "2026-01-31T12:00:05Z denied shop/web → 192.0.2.1 ICMP ×2: egress isolated by shop/a and shop/b; no rule allows any";
  expect(io.stdout.trimEnd().split("\n")).toEqual([
    drop,
    drop,
    "2026-01-31T12:00:10Z allowed shop/web → 192.0.2.1 TCP 443",
  ]);
  expect(io.stderr).toContain("3 more flows denied, counted and not told one by one\n");
  expect(io.stderr).toContain("1 event left out: they came faster than they were read\n");
  expect(io.stderr).toContain(`the agent at ${url} is away; waiting for it\n`);
  const stream = "/v1/events?namespace=shop&type=drop,flow,rest";
  expect(asked).toEqual([stream, stream]);
});

test("--follow of nobody ends at once", async () => {
  const found = await flows("--agent", "http://127.0.0.1:1", "--follow");
  expect(found.code).toBe(3);
  expect(found.stderr).toContain("the agent at http://127.0.0.1:1 does not answer");
});
