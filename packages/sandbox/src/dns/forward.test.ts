import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeMessage } from "./decode-message.ts";
import { Directory } from "./directory.ts";
import { encodeMessage } from "./encode-message.ts";
import { respondOrForward } from "./forward.ts";
import { internet, type Message, rcodes, types } from "./message.ts";
import { nameOf } from "./name.ts";
import { answerTo, queryFor } from "./query.ts";
import { respond } from "./respond.ts";

const seed = 20261123;
const service = (name: string, more: object) => ({
  namespace: "shop",
  name,
  clusterIPs: [],
  ports: [],
  endpoints: [],
  ...more,
});
const directory = new Directory([
  service("web", { clusterIPs: ["10.96.1.1"] }),
  service("docs", { externalName: "docs.example.com" }),
  service("alias", { externalName: "web.shop.svc.cluster.local" }),
]);

const query = (name: string, type: number, more: Partial<Message> = {}): Message => ({
  ...queryFor({ name: nameOf(name), type, class: internet }),
  id: 77,
  ...more,
});

/** Asks with an upstream that answers this, and tells what it was asked. */
async function ask(
  message: Message,
  reply: (query: Message) => Uint8Array | undefined,
  transport: "udp" | "tcp" = "udp",
) {
  const asked: string[] = [];
  const upstream = {
    ask: async (bytes: Uint8Array) => {
      const passed = decodeMessage(bytes);
      asked.push(passed.questions[0]!.name.join("."));
      return reply(passed);
    },
  };
  const bytes = await respondOrForward(directory, encodeMessage(message), { transport }, upstream);
  return { asked, bytes: bytes!, message: decodeMessage(bytes!) };
}

const address = (passed: Message, count = 1): Uint8Array =>
  encodeMessage({
    ...answerTo(passed),
    answers: Array.from({ length: count }, (_, index) => ({
      name: passed.questions[0]!.name,
      ttl: 60,
      data: { type: "A", address: `192.0.2.${index}` },
    })),
  });

test("a name of the world outside goes there, and its answer comes back byte for byte", async () => {
  const { asked, bytes, message } = await ask(query("www.example.com", types.A), address);
  expect(asked).toEqual(["www.example.com"]);
  expect(message.answers[0]!.data).toEqual({ type: "A", address: "192.0.2.0" });
  expect(Buffer.from(bytes)).toEqual(Buffer.from(address(query("www.example.com", types.A))));
  const back = await ask(query("7.2.0.192.in-addr.arpa", types.PTR), address);
  expect(back.asked).toEqual(["7.2.0.192.in-addr.arpa"]);
});

test.each([
  ["web.shop.svc.cluster.local", types.A],
  ["nothing.shop.svc.cluster.local", types.A],
  ["www.example.com.shop.svc.cluster.local", types.A],
  ["alias.shop.svc.cluster.local", types.A],
  ["docs.shop.svc.cluster.local", types.CNAME],
  ["1.0.244.10.in-addr.arpa", types.PTR],
  ["www.example.com", 252],
] as const)("%s of type %d is nobody else's business, and is answered as ever", async (name, type) => {
  const { asked, message } = await ask(query(name, type), () => {
    throw new Error("asked");
  });
  expect(asked).toEqual([]);
  const without = decodeMessage(respond(directory, encodeMessage(query(name, type)), { transport: "udp" })!);
  expect(message).toEqual({ ...without, recursionAvailable: true });
});

test("what an ExternalName stands for is found out there", async () => {
  const { asked, message } = await ask(query("docs.shop.svc.cluster.local", types.A), address);
  expect(asked).toEqual(["docs.example.com"]);
  expect(message.id).toBe(77);
  expect(message.answers.map(({ name, data }) => [name[0], data])).toEqual([
    ["docs", { type: "CNAME", target: nameOf("docs.example.com") }],
    ["docs", { type: "A", address: "192.0.2.0" }],
  ]);
  const gone = await ask(query("docs.shop.svc.cluster.local", types.A), (passed) =>
    encodeMessage({ ...answerTo(passed), rcode: rcodes.nameError }),
  );
  expect(gone.message).toMatchObject({ rcode: rcodes.nameError, answers: [{ data: { type: "CNAME" } }] });
});

test("when nobody can be asked, the name cannot be told: SERVFAIL", async () => {
  for (const name of ["www.example.com", "docs.shop.svc.cluster.local"])
    for (const reply of [() => undefined, () => (name[0] === "d" ? Buffer.from("?") : undefined)]) {
      const { message } = await ask(query(name, types.A), reply);
      expect(message).toMatchObject({ id: 77, rcode: rcodes.serverFailure, recursionAvailable: true });
    }
});

test("what does not fit in a datagram says so, and comes whole by TCP", async () => {
  const asked = query("www.example.com", types.A, { edns: { payload: 4_096, version: 0 } });
  const big = (passed: Message) => address(passed, 200);
  const cut = await ask(asked, big);
  expect(cut.bytes.length).toBeLessThanOrEqual(1_232);
  expect(cut.message).toMatchObject({ id: 77, truncated: true, answers: [], questions: asked.questions });
  expect((await ask(asked, big, "tcp")).message.answers).toHaveLength(200);
});

test("no bytes of a client or of an upstream server make it throw, or answer what cannot be read", async () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const name = fc.constantFrom("www.example.com", "docs.shop.svc.cluster.local");
  await fc.assert(
    fc.asyncProperty(name, bytes, fc.boolean(), async (asked, reply, external) => {
      const upstream = { ask: async () => reply };
      const sent = external ? encodeMessage(query(asked, types.A)) : reply;
      const answer = await respondOrForward(directory, sent, { transport: "udp" }, upstream);
      if (asked.startsWith("docs") && external) expect(decodeMessage(answer!).id).toBe(77);
    }),
    { seed, numRuns: 500 },
  );
});
