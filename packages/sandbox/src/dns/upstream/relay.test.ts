import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { decodeMessage } from "../decode-message.ts";
import { encodeMessage } from "../encode-message.ts";
import { internet, type Message, rcodes, types } from "../message.ts";
import { queryFor } from "../query.ts";
import { addresses, type FakeUpstream, fakeUpstream } from "./fake-upstream.testing.ts";
import { withId } from "./message-head.ts";
import { RelayClient } from "./relay-client.ts";
import { RelayServer } from "./relay-server.ts";

let directory: string;
let socketPath: string;
let hold: boolean;
let upstream: FakeUpstream;
let relay: RelayServer;
let client: RelayClient;

const numbered = ({ questions }: Message) => `192.0.2.${Number(questions[0]!.name[0]!.slice(1)) % 256}`;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "portcullis-relay-"));
  socketPath = join(directory, "dns.sock");
  hold = false;
  upstream = await fakeUpstream((query) => (hold ? [] : [addresses(query, numbered(query))]));
  relay = await RelayServer.listen(socketPath, [upstream], { serverMs: 10_000, totalMs: 10_000 });
  client = new RelayClient(socketPath);
});
afterEach(() => {
  client.close();
  relay.close();
  upstream.close();
  rmSync(directory, { recursive: true });
});

const query = (index: number, id = 7) =>
  withId(
    encodeMessage(queryFor({ name: [`n${index}`, "example", "com"], type: types.A, class: internet })),
    id,
  );

test("many questions at once, all under one number, each get their own answer", async () => {
  const replies = await Promise.all(Array.from({ length: 200 }, (_, index) => client.ask(query(index))));
  const told = replies.map((reply) => decodeMessage(reply!));
  expect(told.every(({ id }) => id === 7)).toBe(true);
  expect(told.map(({ answers }) => answers[0]!.data)).toEqual(
    replies.map((_, index) => ({ type: "A", address: `192.0.2.${index % 256}` })),
  );
});

test("more than can be under way are told so at once, and the others go on", async () => {
  hold = true;
  const waiting = Array.from({ length: 256 }, (_, index) => client.ask(query(index)));
  await vi.waitFor(() => expect(upstream.asked).toHaveLength(256));
  const reply = decodeMessage((await client.ask(query(300)))!);
  expect(reply).toMatchObject({ id: 7, response: true, rcode: rcodes.serverFailure });
  expect(reply.questions[0]!.name[0]).toBe("n300");
  // The supervisor goes away: whoever waits learns that there is nothing.
  relay.close();
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => undefined));
});

test("a message that is no question is answered by its failure; a client may go in the middle of one", async () => {
  const socket = connect(socketPath);
  socket.write(Buffer.from([0, 12, 0, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
  const [reply] = await new Promise<Buffer[]>((resolve) => socket.once("data", (...got) => resolve(got)));
  expect(decodeMessage(reply!.subarray(2))).toMatchObject({ id: 9, rcode: rcodes.serverFailure });
  socket.write(Buffer.from([1, 0, 0]), () => socket.destroy());
  expect((await client.ask(query(1)))?.length).toBeGreaterThan(12);
});

test("a client whose relay is not there has no answer, and asks anew the next time", async () => {
  relay.close();
  expect(await client.ask(query(1))).toBeUndefined();
  relay = await RelayServer.listen(socketPath, [upstream]);
  expect(await client.ask(query(1))).toBeDefined();
  expect(await client.ask(new Uint8Array(3))).toBeUndefined();
});
