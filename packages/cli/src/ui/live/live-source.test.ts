import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiError, resources, type WatchOptions } from "@portcullis/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AgentApi } from "../../flows/agent-api.ts";
import { MemoryKubeClient } from "../../world/memory-kube-client.testing.ts";
import { LiveSource } from "./live-source.ts";

// An agent that tells one flow to whoever follows.
const flow = {
  kind: "Flow",
  verdict: "denied",
  node: "n",
  source: { address: "10.0.0.1" },
  destination: { address: "10.0.0.2" },
  protocol: "TCP",
  port: 80,
  count: 1,
  from: "2026-01-01T00:00:00.000Z",
  to: "2026-01-01T00:00:01.000Z",
};
const agent = createServer((request, response) => {
  if (request.url?.startsWith("/v1/events")) response.write(`event: drop\ndata: ${JSON.stringify(flow)}\n\n`);
  else if (request.url === "/v1/drops") response.end(JSON.stringify({ flows: [flow] }));
  else if (request.url === "/v1/flows") response.end(JSON.stringify({ flows: [] }));
  else response.end("{}");
});

test("what agents recorded is known while one of them answers, and asked again it is not counted twice", async () => {
  const { port } = agent.address() as AddressInfo;
  const there = new AgentApi({ url: `http://127.0.0.1:${port}` }, "the agent");
  const away = new AgentApi({ url: "http://127.0.0.1:1" }, "the other agent");
  const source = new LiveSource(new QuietClient(), undefined, [there, away]);
  const gone = new LiveSource(new QuietClient(), undefined, [away]);
  const none = new LiveSource(new QuietClient(), undefined);
  try {
    expect([source.live.records, none.live.records]).toEqual([true, false]);
    for (let at = 0; at < 2; at++) expect(await source.recordedFlows()).toEqual([flow]);
    await expect(gone.recordedFlows()).rejects.toThrow("the other agent does not answer");
    await expect(none.recordedFlows()).rejects.toThrow("no agent is known");
  } finally {
    for (const each of [source, gone, none]) each.close();
  }
});

test("who asks about a pod before the watches have told of it waits for them", async () => {
  const client = new QuietClient();
  const pod = { metadata: { name: "web", namespace: "shop" }, spec: { containers: [] } };
  await client.create(resources.pods, { apiVersion: "v1", kind: "Pod", ...pod });
  const source = new LiveSource(client, undefined);
  try {
    expect(source.watched.cluster.pods()).toEqual([]);
    expect((await source.watched.whenListed()).pods()).toMatchObject([{ name: "web" }]);
  } finally {
    source.close();
  }
});

/** Has nothing to tell but what it lists. */
class QuietClient extends MemoryKubeClient {
  override async *watch(_?: unknown, { signal, initialEvents }: WatchOptions = { resourceVersion: "" }) {
    if (initialEvents)
      throw new ApiError({ kind: "Status", code: 400, reason: "BadRequest", message: "not streamed" });
    await new Promise((resolve) => signal?.addEventListener("abort", resolve, { once: true }));
  }
}

/** Does not answer. */
class MuteClient extends QuietClient {
  override async list(): Promise<never> {
    throw new Error("no answer");
  }
}

beforeAll(() => new Promise<void>((resolve) => agent.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  agent.closeAllConnections();
  agent.close();
});

test("verdicts of agents are told to the pages that follow, and an agent that is away is said to be", async () => {
  const { port } = agent.address() as AddressInfo;
  const there = new AgentApi({ url: `http://127.0.0.1:${port}` }, "the agent");
  const source = new LiveSource(new QuietClient(), undefined, [there]);
  const gone = new LiveSource(new QuietClient(), undefined, [
    new AgentApi({ url: "http://127.0.0.1:1" }, "the other agent"),
  ]);
  const mute = new LiveSource(new MuteClient(), undefined);
  const sources = new Map([
    ["/", source],
    ["/gone", gone],
    ["/mute", mute],
  ]);
  const server = createServer((request, response) =>
    sources.get(request.url!)!.hub.follow(request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const read = async (path: string, until: RegExp) => {
    const abort = new AbortController();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    const answer = await fetch(url, { signal: abort.signal });
    let text = "";
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (until.test(text)) break;
    }
    abort.abort();
    return text;
  };
  try {
    expect(await read("/", /event: flows/)).toContain('"verdict":"denied"');
    expect(await read("/", /event: in-force/)).toContain('"policies":[]');
    // That there is no policy is told when it is known.
    expect(await read("/mute", /"type":"stale"/)).not.toContain("in-force");
    expect(await read("/gone", /the other agent does not answer/)).toContain('"type":"stale"');
  } finally {
    for (const each of sources.values()) each.close();
    server.closeAllConnections();
    server.close();
  }
});
