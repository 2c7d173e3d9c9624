import { createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createWebSocketStream, WebSocket } from "ws";
import { type StreamingApi, startStreaming } from "../running-pod.testing.ts";
import { SpdyClient, spdyUpgrade, type TestStream } from "../spdy/client.testing.ts";

let api: StreamingApi;
let echo: Server;
let port: string;
const open = new Set<Socket>();

beforeEach(async () => {
  api = await startStreaming();
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
  port = String((echo.address() as { port: number }).port);
});
afterEach(async () => {
  await api.stop();
  for (const socket of open) socket.destroy();
  echo.close();
});

async function bySpdy(): Promise<SpdyClient> {
  const { client } = await spdyUpgrade(api.socketPath, api.path("portforward"), ["portforward.k8s.io"]);
  return client!;
}

async function byTunnel(): Promise<SpdyClient> {
  const url = `ws+unix:${api.socketPath}:${api.path("portforward")}`;
  const protocol = "SPDY/3.1+portforward.k8s.io";
  // `ws` does not offer such a name either: it is asked for by hand.
  const socket = new WebSocket(url, {
    finishRequest: (request) => {
      request.setHeader("sec-websocket-protocol", protocol);
      request.end();
    },
  });
  socket.on("upgrade", (response) => {
    expect(response.headers["sec-websocket-protocol"]).toBe(protocol);
    // It would take an answer that it did not ask for as an error.
    delete response.headers["sec-websocket-protocol"];
  });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return new SpdyClient(createWebSocketStream(socket));
}

let requests = 0;

async function pair(client: SpdyClient, to = port): Promise<{ data: TestStream; error: TestStream }> {
  const headers = { port: to, requestid: String(++requests) };
  const error = await client.open({ streamtype: "error", ...headers }, true);
  return { error, data: await client.open({ streamtype: "data", ...headers }) };
}

describe.each([
  ["SPDY", bySpdy],
  ["SPDY within WebSocket", byTunnel],
])("port-forward by %s", (_name, connect) => {
  it("passes twenty connections at once, each to its own end", async () => {
    const client = await connect();
    const texts = Array.from({ length: 20 }, (_, index) => `${index} `.repeat(20_000));
    const echoed = texts.map(async (text) => {
      const { data, error } = await pair(client);
      await data.write(text);
      data.end();
      expect((await data.text) === text).toBe(true);
      expect(await error.text).toBe("");
    });
    await Promise.all(echoed);
    await vi.waitFor(() => expect(open.size).toBe(0));
    client.transport.destroy();
  });

  it("says on the error stream that nothing listens, and goes on with others", async () => {
    const client = await connect();
    const { data, error } = await pair(client, "1");
    expect(await error.text).toMatch(
      /^error forwarding port 1 to pod [0-9a-f-]{36}, uid : failed to connect to localhost:1$/,
    );
    expect(await data.text).toBe("");
    const next = await pair(client);
    next.data.end();
    expect(await next.data.text).toBe("");
    client.transport.destroy();
  });

  it("breaks the pod's connections off with the stream, or with the client", async () => {
    const client = await connect();
    const first = await pair(client);
    await pair(client);
    await vi.waitFor(() => expect(open.size).toBe(2));
    first.data.reset();
    await vi.waitFor(() => expect(open.size).toBe(1));
    client.transport.destroy();
    await vi.waitFor(() => expect(open.size).toBe(0));
  });
});

describe("port-forward by channels of a WebSocket", () => {
  it("names each port on its two channels first, then passes bytes", async () => {
    const socket = new WebSocket(
      `ws+unix:${api.socketPath}:${api.path("portforward", { ports: `${port},1` })}`,
      ["v4.channel.k8s.io"],
    );
    const channels: string[] = ["", "", "", ""];
    socket.on("message", (message: Buffer) => {
      channels[message[0]!] += message.subarray(1).toString("latin1");
    });
    await new Promise((resolve) => socket.once("open", resolve));
    const name = (number: number) => String.fromCharCode(number & 255, number >> 8);
    socket.send(Buffer.from("\0hello"));
    await vi.waitFor(() => expect(channels[0]).toBe(`${name(Number(port))}hello`));
    await vi.waitFor(() => expect(channels[3]).toContain("error forwarding port 1 to pod"));
    expect(channels[1]).toBe(name(Number(port)));
    expect(channels[2]).toBe(name(1));
    socket.close();
    await vi.waitFor(() => expect(open.size).toBe(0));
  });

  it("takes only ports", async () => {
    for (const ports of ["", "0", "65536", "x", "80,"]) {
      const socket = new WebSocket(`ws+unix:${api.socketPath}:${api.path("portforward", { ports })}`, [
        "v4.channel.k8s.io",
      ]);
      const code = await new Promise((resolve) => {
        socket.once("unexpected-response", (_request, response) => resolve(response.statusCode));
        socket.once("open", () => resolve(101));
      });
      expect([ports, code]).toEqual([ports, 400]);
    }
  });
});
