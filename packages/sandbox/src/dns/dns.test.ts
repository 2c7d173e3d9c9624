import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeMessage } from "./decode-message.ts";
import { Directory, type NamedService } from "./directory.ts";
import { encodeMessage } from "./encode-message.ts";
import { internet, type Message, type RecordData, rcodes, types } from "./message.ts";
import { type Name, nameOf } from "./name.ts";
import { respond } from "./respond.ts";

const seed = 20261123;
const http = { name: "http", protocol: "TCP", port: 80 };
const service = (name: string, more: Partial<NamedService> = {}): NamedService => ({
  namespace: "shop",
  name,
  clusterIPs: [],
  ports: [http],
  endpoints: [],
  ...more,
});
const pods = ["10.244.0.1", "10.244.0.2", "fd00:10:244::1"];
const directory = new Directory(
  [
    service("web", { clusterIPs: ["10.96.1.1", "fd00:10:96::1:1"] }),
    service("db", {
      endpoints: pods.map((address, index) => ({
        address,
        ports: [{ ...http, port: 5432 }],
        ...(index === 1 ? { hostname: "db-1" } : {}),
      })),
    }),
    service("docs", { externalName: "docs.example.com" }),
    service("alias", { externalName: "web.shop.svc.cluster.local" }),
    service("kube-dns", { namespace: "kube-system", clusterIPs: ["10.96.0.10"] }),
  ],
  ["empty"],
);

const query = (name: Name | string, type: number, more: Partial<Message> = {}): Message => ({
  id: 77,
  response: false,
  opcode: 0,
  authoritative: false,
  truncated: false,
  recursionDesired: true,
  recursionAvailable: false,
  rcode: 0,
  questions: [{ name: typeof name === "string" ? nameOf(name) : name, type, class: internet }],
  answers: [],
  authority: [],
  additional: [],
  ...more,
});

function ask(message: Message, transport: "udp" | "tcp" = "udp", turn = 0): Message {
  const reply = respond(directory, encodeMessage(message), { transport, turn });
  return decodeMessage(reply!);
}

const text = (data: RecordData): string => {
  if ("address" in data) return data.address;
  if (data.type === "SRV") return `${data.port} ${data.target.join(".")}`;
  if ("target" in data) return data.target.join(".");
  if (data.type === "TXT") return data.texts.join(" ");
  return String(data.type);
};
const answersTo = (name: string, type: keyof typeof types): string[] =>
  ask(query(name, types[type])).answers.map(({ data }) => text(data));

describe("records of the Kubernetes DNS specification", () => {
  test.each([
    ["web.shop.svc.cluster.local", "A", ["10.96.1.1"]],
    ["web.shop.svc.cluster.local", "AAAA", ["fd00:10:96::1:1"]],
    ["wEb.SHOP.svc.Cluster.LOCAL", "A", ["10.96.1.1"]],
    ["db.shop.svc.cluster.local", "A", ["10.244.0.1", "10.244.0.2"]],
    ["db.shop.svc.cluster.local", "AAAA", ["fd00:10:244::1"]],
    ["db-1.db.shop.svc.cluster.local", "A", ["10.244.0.2"]],
    ["10-244-0-1.db.shop.svc.cluster.local", "A", ["10.244.0.1"]],
    ["_http._tcp.web.shop.svc.cluster.local", "SRV", ["80 web.shop.svc.cluster.local"]],
    [
      "_http._tcp.db.shop.svc.cluster.local",
      "SRV",
      [
        "5432 10-244-0-1.db.shop.svc.cluster.local",
        "5432 db-1.db.shop.svc.cluster.local",
        "5432 fd00-10-244--1.db.shop.svc.cluster.local",
      ],
    ],
    ["1.1.96.10.in-addr.arpa", "PTR", ["web.shop.svc.cluster.local"]],
    ["2.0.244.10.in-addr.arpa", "PTR", ["db-1.db.shop.svc.cluster.local"]],
    [
      `${"1.0.0.0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.1.0.0.0.0.d.f"}.ip6.arpa`,
      "PTR",
      ["web.shop.svc.cluster.local"],
    ],
    ["10-1-2-3.shop.pod.cluster.local", "A", ["10.1.2.3"]],
    ["fd00--1.empty.pod.cluster.local", "AAAA", ["fd00::1"]],
    ["docs.shop.svc.cluster.local", "A", ["docs.example.com"]],
    ["docs.shop.svc.cluster.local", "CNAME", ["docs.example.com"]],
    ["alias.shop.svc.cluster.local", "A", ["web.shop.svc.cluster.local", "10.96.1.1"]],
    ["dns-version.cluster.local", "TXT", ["1.1.0"]],
    ["cluster.local", "NS", ["ns.dns.cluster.local"]],
    ["ns.dns.cluster.local", "A", ["10.96.0.10"]],
  ] as const)("%s %s", (name, type, expected) => {
    const reply = ask(query(name, types[type]));
    expect(reply).toMatchObject({ id: 77, response: true, authoritative: true, rcode: rcodes.noError });
    expect(reply.answers.map(({ data }) => text(data))).toEqual(expected);
    expect(reply.answers[0]?.name).toEqual(nameOf(name));
  });

  test("a service record brings the addresses along", () => {
    const { additional } = ask(query("_http._tcp.db.shop.svc.cluster.local", types.SRV));
    expect(additional.map(({ name, data }) => `${name[0]} ${text(data)}`)).toEqual([
      "10-244-0-1 10.244.0.1",
      "db-1 10.244.0.2",
      "fd00-10-244--1 fd00:10:244::1",
    ]);
  });
});

describe("what is not there", () => {
  test.each([
    ["db.shop.svc.cluster.local", types.SRV, rcodes.noError],
    ["kube-dns.kube-system.svc.cluster.local", types.AAAA, rcodes.noError],
    ["shop.svc.cluster.local", types.A, rcodes.noError],
    ["empty.svc.cluster.local", types.A, rcodes.noError],
    ["svc.cluster.local", types.A, rcodes.noError],
    ["_tcp.web.shop.svc.cluster.local", types.SRV, rcodes.noError],
    ["nothing.shop.svc.cluster.local", types.A, rcodes.nameError],
    ["web.nowhere.svc.cluster.local", types.A, rcodes.nameError],
    ["_ftp._tcp.web.shop.svc.cluster.local", types.SRV, rcodes.nameError],
    ["_http._udp.web.shop.svc.cluster.local", types.SRV, rcodes.nameError],
    ["db-9.db.shop.svc.cluster.local", types.A, rcodes.nameError],
    ["x.db-1.db.shop.svc.cluster.local", types.A, rcodes.nameError],
    ["not-an-address.shop.pod.cluster.local", types.A, rcodes.nameError],
    ["10-1-2-3.nowhere.pod.cluster.local", types.A, rcodes.nameError],
    ["example.com.shop.svc.cluster.local", types.A, rcodes.nameError],
    ["other.cluster.local", types.A, rcodes.nameError],
    ["9.9.244.10.in-addr.arpa", types.PTR, rcodes.nameError],
  ])("%s of type %d: no answer, code %d, and how long that holds", (name, type, rcode) => {
    const reply = ask(query(name, type));
    expect(reply).toMatchObject({ rcode, authoritative: true, answers: [] });
    expect(reply.authority).toMatchObject([
      { name: ["cluster", "local"], data: { type: "SOA", minimum: 5 } },
    ]);
  });

  test.each(["example.com", "", "local", "1.0.0.127.in-addr.arpa", "notcluster.local"])(
    "%j is refused",
    (name) => {
      expect(ask(query(name, types.A))).toMatchObject({
        rcode: rcodes.refused,
        authoritative: false,
        authority: [],
      });
    },
  );

  test.each([
    [
      "another class",
      query("cluster.local", types.A, { questions: [{ name: ["local"], type: 1, class: 3 }] }),
      rcodes.refused,
    ],
    ["a zone transfer", query("cluster.local", 252), rcodes.refused],
    ["an update", query("cluster.local", types.A, { opcode: 5 }), rcodes.notImplemented],
    ["no question", query("cluster.local", types.A, { questions: [] }), rcodes.formatError],
    [
      "a later EDNS",
      query("cluster.local", types.A, { edns: { payload: 512, version: 1 } }),
      rcodes.badVersion,
    ],
  ])("%s is answered by a code alone", (_, message, rcode) => {
    expect(ask(message)).toMatchObject({ rcode, answers: [], authority: [] });
  });
});

test("several addresses take turns in being first", () => {
  const first = (turn: number) =>
    text(ask(query("db.shop.svc.cluster.local", types.A), "udp", turn).answers[0]!.data);
  expect([0, 1, 2].map(first)).toEqual(["10.244.0.1", "10.244.0.2", "10.244.0.1"]);
});

test("the question comes back in the very letters it was asked in", () => {
  const name = ["WeB", "sHoP", "sVc", "ClUsTeR", "lOcAl"];
  expect(ask(query(name, types.A))).toMatchObject({ questions: [{ name }], answers: [{ name }] });
});

test("what does not fit in a datagram is cut and comes whole by TCP, or with a larger payload", () => {
  const endpoints = Array.from({ length: 60 }, (_, index) => ({ address: `10.244.1.${index}`, ports: [] }));
  const big = new Directory([service("big", { endpoints })]);
  const send = (message: Message, transport: "udp" | "tcp") =>
    respond(big, encodeMessage(message), { transport })!;
  const asked = query("big.shop.svc.cluster.local", types.A);
  const cut = send(asked, "udp");
  expect(cut.length).toBeLessThanOrEqual(512);
  expect(decodeMessage(cut)).toMatchObject({ truncated: true, answers: [] });
  for (const whole of [send(asked, "tcp"), send({ ...asked, edns: { payload: 4096, version: 0 } }, "udp")]) {
    expect(decodeMessage(whole).truncated).toBe(false);
    expect(decodeMessage(whole).answers).toHaveLength(60);
    expect(whole.length).toBeLessThanOrEqual(1_232);
  }
});

describe("the wire", () => {
  const label = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_"), minLength: 1, maxLength: 20 });
  const name = fc.array(label, { maxLength: 6 });
  const u16 = fc.nat(65_535);
  const address4 = fc
    .tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255))
    .map((bytes) => bytes.join("."));
  const data: fc.Arbitrary<RecordData> = fc.oneof(
    address4.map((address) => ({ type: "A" as const, address })),
    fc
      .integer({ min: 1, max: 65_535 })
      .map((low) => ({ type: "AAAA" as const, address: `fd00::${low.toString(16)}` })),
    name.map((target) => ({ type: "CNAME" as const, target })),
    fc.record({ type: fc.constant("SRV" as const), priority: u16, weight: u16, port: u16, target: name }),
    fc.array(label, { minLength: 1, maxLength: 3 }).map((texts) => ({ type: "TXT" as const, texts })),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => ({ type: 99, bytes })),
  );
  const record = fc.record({ name, ttl: fc.nat(2 ** 31 - 1), data });
  const records = fc.array(record, { maxLength: 4 });
  const message: fc.Arbitrary<Message> = fc.record(
    {
      id: u16,
      response: fc.boolean(),
      opcode: fc.nat(15),
      authoritative: fc.boolean(),
      truncated: fc.boolean(),
      recursionDesired: fc.boolean(),
      recursionAvailable: fc.boolean(),
      rcode: fc.nat(15),
      questions: fc.array(fc.record({ name, type: u16, class: u16 }), { maxLength: 2 }),
      answers: records,
      authority: records,
      additional: records,
      edns: fc.record({ payload: u16, version: fc.nat(255) }),
    },
    {
      requiredKeys: [
        "id",
        "response",
        "opcode",
        "authoritative",
        "truncated",
        "recursionDesired",
        "recursionAvailable",
        "rcode",
        "questions",
        "answers",
        "authority",
        "additional",
      ],
    },
  );

  test("what is written is read, names in other letters aside", () => {
    const lower = (value: unknown) =>
      JSON.stringify(value, (_, each) => (each instanceof Uint8Array ? [...each] : each)).toLowerCase();
    fc.assert(
      fc.property(message, (written) => {
        expect(lower(decodeMessage(encodeMessage(written)))).toEqual(lower(written));
      }),
      { seed, numRuns: 300 },
    );
  });

  test("no bytes make it throw, hang or answer with something that cannot be read", () => {
    const valid = encodeMessage(
      query("web.shop.svc.cluster.local", types.A, { edns: { payload: 1232, version: 0 } }),
    );
    const damaged = fc
      .array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 6 })
      .map((changes) => {
        const bytes = Uint8Array.from(valid);
        for (const [index, byte] of changes) bytes[index] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 600 }), damaged), (bytes) => {
        const reply = respond(directory, bytes, { transport: "udp" });
        if (reply === undefined) return;
        expect(decodeMessage(reply)).toMatchObject({ response: true, id: bytes[0]! * 256 + bytes[1]! });
      }),
      { seed, numRuns: 3_000 },
    );
  });

  test("a name that points at itself, or on and on, is refused in no time", () => {
    const header = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    const loop = Uint8Array.from([...header, 0xc0, 12, 0, 1, 0, 1]);
    const pair = Uint8Array.from([...header, 1, 97, 0xc0, 12, 0, 1, 0, 1]);
    for (const bytes of [loop, pair]) {
      expect(decodeMessage(respond(directory, bytes, { transport: "udp" })!)).toMatchObject({
        id: 7,
        rcode: rcodes.formatError,
      });
    }
  });

  test("an answer is not answered: two servers would never stop", () => {
    const bytes = encodeMessage(query("cluster.local", types.A, { response: true }));
    expect(respond(directory, bytes, { transport: "udp" })).toBeUndefined();
    expect(respond(directory, new Uint8Array(5), { transport: "udp" })).toBeUndefined();
  });
});

test("answers by name", () => {
  expect(answersTo("web.shop.svc.cluster.local", "ANY")).toEqual(["10.96.1.1", "fd00:10:96::1:1"]);
});
