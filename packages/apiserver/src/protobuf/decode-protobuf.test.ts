import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asRecord, isRecord } from "../json.ts";
import { decodeFields } from "../schema/decode.ts";
import { Schemas } from "../schema/schemas.ts";
import { StatusError } from "../status.ts";
import { decodeProtobuf } from "./decode-protobuf.ts";

interface Captured {
  readonly what: string;
  /** What kubectl 1.36 sent, in base64. */
  readonly body: string;
  /** The same object as kubectl writes it in JSON. */
  readonly object: Readonly<Record<string, unknown>>;
}

const file = new URL("./kubectl-bodies.json", import.meta.url);
const captured = JSON.parse(readFileSync(file, "utf8")) as readonly Captured[];

const schemas = new Schemas();

/** Protobuf does not tell a null or an empty map from an absent one, and has the namespace that kubectl takes from its context. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, comparable(each)] as const);
  return Object.fromEntries(entries.filter(([, each]) => each !== null));
}

describe("decodeProtobuf", () => {
  it.each(captured)("reads what kubectl sends for $what", ({ body, object }) => {
    const decoded = comparable(decodeProtobuf(Buffer.from(body, "base64"))) as Record<string, unknown>;
    const { namespace: _, ...metadata } = asRecord(decoded.metadata);
    const { namespace: __, ...wanted } = asRecord(object.metadata);
    expect({ ...decoded, metadata }).toEqual(comparable({ ...object, metadata: wanted }));
  });

  it.each(captured)("gives the schemas nothing to object to in $what", ({ body }) => {
    const decoded = decodeProtobuf(Buffer.from(body, "base64"));
    const [group = "", version = ""] = `/${String(decoded.apiVersion)}`.split("/").slice(-2);
    const { object, problems } = decodeFields(
      schemas,
      { group, version, kind: String(decoded.kind) },
      decoded,
    );
    expect(problems).toEqual([]);
    expect(object).toBe(decoded);
  });

  it("reads options of a deletion, of any group", () => {
    const uid = field(2, field(1, text("u")));
    const raw = Buffer.concat([number(1, 30), uid, field(4, text("Background")), field(5, text("All"))]);
    for (const apiVersion of ["v1", "apps/v1", "meta.k8s.io/v1"]) {
      expect(decodeProtobuf(envelope(apiVersion, "DeleteOptions", raw))).toEqual({
        apiVersion,
        kind: "DeleteOptions",
        gracePeriodSeconds: 30,
        preconditions: { uid: "u" },
        propagationPolicy: "Background",
        dryRun: ["All"],
      });
    }
  });

  it("keeps a zero that was said, and drops one that is no more than Go's", () => {
    const options = decodeProtobuf(envelope("v1", "DeleteOptions", number(1, 0)));
    expect(options).toEqual({ apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0 });
    const spec = field(2, Buffer.concat([number(4, 0), number(11, 0), field(6, text(""))]));
    expect(decodeProtobuf(envelope("v1", "Pod", spec)).spec).toEqual({ terminationGracePeriodSeconds: 0 });
  });

  it("reads an eviction", () => {
    const raw = Buffer.concat([field(1, field(1, text("a"))), field(2, number(1, 5))]);
    expect(decodeProtobuf(envelope("policy/v1", "Eviction", raw))).toEqual({
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name: "a" },
      deleteOptions: { gracePeriodSeconds: 5 },
    });
  });

  it("reads times, and takes one without fields for none", () => {
    const metadata = Buffer.concat([field(8, Buffer.alloc(0)), field(9, number(1, 1_700_000_000))]);
    const lease = Buffer.concat([
      field(1, metadata),
      field(2, field(4, Buffer.concat([number(1, 1_700_000_000), number(2, 12_345_678)]))),
    ]);
    expect(decodeProtobuf(envelope("coordination.k8s.io/v1", "Lease", lease))).toMatchObject({
      metadata: { deletionTimestamp: "2023-11-14T22:13:20Z" },
      spec: { renewTime: "2023-11-14T22:13:20.012345Z" },
    });
    expect(decodeProtobuf(envelope("v1", "Pod", field(1, field(8, Buffer.alloc(0)))))).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {},
    });
  });

  it("knows a map's keys for no more than keys", () => {
    const label = field(11, Buffer.concat([field(1, text("__proto__")), field(2, text("x"))]));
    const { metadata } = decodeProtobuf(envelope("v1", "Pod", field(1, label)));
    expect(Object.entries(asRecord(asRecord(metadata).labels))).toEqual([["__proto__", "x"]]);
  });

  it.each([
    ["no magic number", Buffer.from("{}"), /expected prefix/],
    ["an empty body", Buffer.alloc(0), /expected prefix/],
    ["a kind that nobody knows", envelope("v1", "Gadget", Buffer.alloc(0)), /no kind "Gadget" is registered/],
    ["a kind of another's name", envelope("v1", "constructor", Buffer.alloc(0)), /no kind "constructor"/],
    ["a length past the end", envelope("v1", "Pod", Buffer.from([0x0a, 0x7f])), /unexpected EOF/],
    ["a varint without end", envelope("v1", "Pod", Buffer.alloc(20, 0xff)), /more than ten bytes/],
    ["a string where a message is", envelope("v1", "Pod", number(1, 5)), /wrong wireType/],
    ["a time after the year 9999", podDeletedAt(Number.MAX_SAFE_INTEGER), /out of range/],
  ])("refuses %s", (_what, body, message) => {
    expect(() => decodeProtobuf(body)).toThrow(StatusError);
    expect(() => decodeProtobuf(body)).toThrow(message);
  });

  it("answers any bytes with an object or a StatusError", () => {
    const bodies = captured.map(({ body }) => Buffer.from(body, "base64"));
    const truncated = fc
      .tuple(fc.constantFrom(...bodies), fc.nat(400))
      .map(([body, end]) => body.subarray(0, end));
    const damaged = fc
      .tuple(fc.constantFrom(...bodies), fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }))
      .map(([body, bytes]) => {
        const copy = Buffer.from(body);
        for (const [at, byte] of bytes) if (at < copy.length) copy[at] = byte;
        return copy;
      });
    const random = fc
      .tuple(
        fc.constantFrom("Pod", "Deployment", "Event", "DeleteOptions"),
        fc.uint8Array({ maxLength: 300 }),
      )
      .map(([kind, raw]) => envelope(kind === "Deployment" ? "apps/v1" : "v1", kind, raw));
    const prefixed = fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => Buffer.concat([Buffer.from("k8s\0", "latin1"), bytes]));
    fc.assert(
      fc.property(fc.oneof(truncated, damaged, random, prefixed), (body) => {
        try {
          expect(isRecord(decodeProtobuf(body))).toBe(true);
        } catch (error) {
          if (!(error instanceof StatusError)) throw error;
          expect(error.status.code).toBe(400);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

function podDeletedAt(seconds: number): Buffer {
  return envelope("v1", "Pod", field(1, field(9, number(1, seconds))));
}

function envelope(apiVersion: string, kind: string, raw: Uint8Array): Buffer {
  const typeMeta = Buffer.concat([field(1, text(apiVersion)), field(2, text(kind))]);
  return Buffer.concat([Buffer.from("k8s\0", "latin1"), field(1, typeMeta), field(2, raw)]);
}

function text(value: string): Buffer {
  return Buffer.from(value, "utf8");
}

function field(id: number, value: Uint8Array): Buffer {
  return Buffer.concat([varint(id * 8 + 2), varint(value.length), value]);
}

function number(id: number, value: number): Buffer {
  return Buffer.concat([varint(id * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}
