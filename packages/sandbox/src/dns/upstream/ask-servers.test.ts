import { createSocket } from "node:dgram";
import { afterEach, expect, test, vi } from "vitest";
import { decodeMessage } from "../decode-message.ts";
import { encodeMessage } from "../encode-message.ts";
import { internet, type Message, rcodes, types } from "../message.ts";
import { nameOf } from "../name.ts";
import { answerTo, queryFor } from "../query.ts";
import { askServers } from "./ask-servers.ts";
import { addresses, type FakeUpstream, fakeUpstream } from "./fake-upstream.testing.ts";
import { withId } from "./message-head.ts";

const question = { name: nameOf("www.example.com"), type: types.A, class: internet };
const query = withId(encodeMessage(queryFor(question)), 4711);
const open: FakeUpstream[] = [];
const upstream = async (...options: Parameters<typeof fakeUpstream>) => {
  const server = await fakeUpstream(...options);
  open.push(server);
  return server;
};
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

const told = (reply: Uint8Array | undefined) => {
  if (reply === undefined) return undefined;
  const { id, rcode, answers } = decodeMessage(reply);
  return { id, rcode, addresses: answers.map(({ data }) => "address" in data && data.address) };
};
const code = (asked: Message, rcode: number) => encodeMessage({ ...answerTo(asked), rcode });
const answered = { id: 4711, rcode: 0, addresses: ["192.0.2.7"] };

test("the answer comes under the query's number, which went out under another", async () => {
  const ids: number[] = [];
  const server = await upstream((asked) => {
    ids.push(asked.id);
    return [addresses(asked, "192.0.2.7")];
  });
  for (let turn = 0; turn < 5; turn++) expect(told(await askServers([server], query))).toEqual(answered);
  expect(new Set(ids).size).toBeGreaterThan(1);
});

test("what does not answer the question is passed over", async () => {
  const server = await upstream((asked) => [
    Buffer.from("no DNS"),
    withId(addresses(asked, "192.0.2.66"), (asked.id + 1) & 65_535),
    addresses({ ...asked, questions: [{ ...question, name: nameOf("evil.example.com") }] }, "192.0.2.66"),
    addresses({ ...asked, questions: [{ ...question, type: types.TXT }] }, "192.0.2.66"),
    encodeMessage({ ...asked, response: false }),
    // The letters may come back in another size.
    addresses({ ...asked, questions: [{ ...question, name: nameOf("WWW.example.COM") }] }, "192.0.2.7"),
  ]);
  expect(told(await askServers([server], query))).toEqual(answered);
});

test("an answer that was cut is asked for by TCP", async () => {
  const many = Array.from({ length: 200 }, (_, index) => `192.0.2.${index}`);
  const server = await upstream((asked, transport) =>
    transport === "udp"
      ? [encodeMessage({ ...answerTo(asked), truncated: true })]
      : [addresses(asked, ...many)],
  );
  expect(told(await askServers([server], query))?.addresses).toEqual(many);
  expect(server.asked).toEqual(["udp www.example.com", "tcp www.example.com"]);
});

test("a server that cannot tell, or is not there, leaves it to the next; that a name is not there is an answer", async () => {
  const fails = await upstream((asked) => [code(asked, rcodes.serverFailure)]);
  const refuses = await upstream((asked) => [code(asked, rcodes.refused)]);
  const tells = await upstream((asked) => [addresses(asked, "192.0.2.7")]);
  const knowsOfNone = await upstream((asked) => [code(asked, rcodes.nameError)]);
  const gone = await fakeUpstream(() => []);
  gone.close();
  expect(told(await askServers([gone, fails, refuses, tells], query))).toEqual(answered);
  expect(told(await askServers([knowsOfNone, tells], query))).toMatchObject({ rcode: rcodes.nameError });
  expect(tells.asked).toHaveLength(1);
  // When none can tell, what the last one said.
  expect(told(await askServers([fails, refuses], query))).toMatchObject({ rcode: rcodes.refused, id: 4711 });
  expect(await askServers([gone], query)).toBeUndefined();
});

test("a lost datagram is sent again; silence ends in nothing", async () => {
  let lost = 0;
  const lossy = await upstream((asked) => (lost++ === 0 ? [] : [addresses(asked, "192.0.2.7")]));
  expect(told(await askServers([lossy], query, { serverMs: 400, totalMs: 10_000 }))).toEqual(answered);
  const silent = await upstream(() => []);
  expect(await askServers([silent], query, { serverMs: 20 })).toBeUndefined();
  await vi.waitFor(() => expect(silent.asked).toHaveLength(2));
  expect(await askServers([silent], query, { serverMs: 10_000, totalMs: 20 })).toBeUndefined();
  expect(await askServers([], query)).toBeUndefined();
});

test("what is no question is not asked", async () => {
  const server = await upstream((asked) => [addresses(asked, "192.0.2.7")]);
  const answer = encodeMessage({ ...queryFor(question), response: true });
  const none = encodeMessage({ ...queryFor(question), questions: [] });
  for (const bytes of [answer, none, new Uint8Array(), Buffer.from("x")])
    expect(await askServers([server], bytes)).toBeUndefined();
  expect(server.asked).toEqual([]);
});

test("an answer from another socket than the one that was asked is nobody's", async () => {
  const other = createSocket("udp4");
  const server = await fakeUpstream(() => []);
  server.close();
  const forger = createSocket("udp4");
  forger.on("message", (bytes, { port }) => {
    other.send(addresses(decodeMessage(bytes), "192.0.2.66"), port, "127.0.0.1");
  });
  await new Promise<void>((resolve) => forger.bind(server.port, "127.0.0.1", resolve));
  try {
    expect(await askServers([server], query, { serverMs: 30 })).toBeUndefined();
  } finally {
    forger.close();
    other.close();
  }
});
