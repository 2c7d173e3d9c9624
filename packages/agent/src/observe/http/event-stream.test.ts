import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../eventually.testing.ts";
import { EventStream, type EventStreamOptions } from "./event-stream.ts";
import { HttpServer } from "./http-server.ts";

let server: HttpServer | undefined;
let stream: EventStream;
let address: string;
let clients: ClientRequest[];

beforeEach(() => {
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  stream.close();
  await server?.close();
});

async function serve(options: EventStreamOptions = {}): Promise<void> {
  stream = new EventStream(options);
  server = new HttpServer({
    routes: new Map([["/v1/events", (url, response, message) => stream.open(url, response, message)]]),
  });
  address = await server.listen({ host: "127.0.0.1", port: 0 });
}

/** A client, with the text that it has read so far. */
async function open(query = ""): Promise<{ response: IncomingMessage; text: () => string }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const client = request(`http://${address}/v1/events${query}`, resolve);
    client.on("error", reject);
    clients.push(client);
    client.end();
  });
  let text = "";
  response.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  response.on("error", () => {});
  return { response, text: () => text };
}

const drift = (differences: string) => ({ type: "drift" as const, data: { differences } });
const events = (text: string) =>
  [...text.matchAll(/^event: (.*)\ndata: (.*)\n\n/gm)].map(([, type, data]) => `${type} ${data}`);

test("a client is told the present state, then what happens, of what it asked for", async () => {
  await serve({ greeting: () => [{ type: "condition", data: { type: "NotSynced" } }, drift("before")] });
  const all = await open();
  const some = await open("?type=condition");
  expect(all.response.headers["content-type"]).toBe("text/event-stream");
  stream.publish(drift("now"));
  await eventually(() => events(all.text())).toHaveLength(3);
  expect(events(all.text())).toEqual([
    'condition {"type":"NotSynced"}',
    'drift {"differences":"before"}',
    'drift {"differences":"now"}',
  ]);
  stream.publish({ type: "condition", data: { type: "Drifted" } });
  await eventually(() => events(some.text())).toHaveLength(2);
  expect(events(some.text())).toEqual(['condition {"type":"NotSynced"}', 'condition {"type":"Drifted"}']);
});

test("a client that vanishes is forgotten, and the others go on", async () => {
  await serve();
  const stays = await open();
  const goes = await open();
  expect(stream.clients).toBe(2);
  goes.response.destroy();
  stream.publish(drift("a"));
  await eventually(() => stream.clients).toBe(1);
  stream.publish(drift("b"));
  await eventually(() => events(stays.text())).toHaveLength(2);
});

test("a client that does not read keeps nobody up; what it missed is counted and told", async () => {
  await serve({ mostWaiting: 10 });
  const { response, text } = await open();
  response.pause();
  const quick = await open();
  // More than the buffers of both sockets take.
  const long = "x".repeat(100_000);
  for (let i = 0; i < 80; i += 1) {
    stream.publish(drift(`${i} ${long}`));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await eventually(() => events(quick.text()).length).toBe(80);
  expect(stream.left).toBeGreaterThan(0);
  response.resume();
  await eventually(() => events(text()).some((event) => event.startsWith("dropped"))).toBe(true);
  const told = events(text()).filter((event) => event.startsWith("drift")).length;
  expect(told + stream.left).toBe(80);
  expect(events(text()).at(-1)).toBe(`dropped {"events":${stream.left}}`);
  stream.publish(drift("after"));
  await eventually(() => events(text()).at(-1)).toBe('drift {"differences":"after"}');
});

test("no more clients than allowed; one that goes makes room", async () => {
  await serve({ mostClients: 2 });
  const first = await open();
  await open();
  const third = await open();
  expect([third.response.statusCode, third.response.headers["retry-after"]]).toEqual([503, "10"]);
  first.response.destroy();
  await eventually(async () => (await open()).response.statusCode).toBe(200);
});

test("a line that says nothing comes now and then", async () => {
  await serve({ heartbeatMs: 10 });
  const { text } = await open();
  await eventually(() => text().split(": \n\n").length).toBeGreaterThan(2);
});

test("a parameter that is not known is refused, and HEAD has no stream", async () => {
  await serve();
  expect((await open("?typ=drop")).response.statusCode).toBe(400);
  const head = await fetch(`http://${address}/v1/events`, { method: "HEAD" });
  expect([head.status, head.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  expect(stream.clients).toBe(0);
});

test("when the agent ends, so do the streams", async () => {
  await serve();
  const { response } = await open();
  const ended = new Promise((resolve) => response.on("end", resolve));
  stream.close();
  await ended;
});
