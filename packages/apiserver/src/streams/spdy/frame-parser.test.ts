import fc from "fast-check";
import { expect, test } from "vitest";
import { controlFrame, dataHead, type Frame } from "./frame.ts";
import { FrameParser } from "./frame-parser.ts";

const seed = Number(process.env.FC_SEED ?? 20260605);

const frames = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("data" as const),
      streamId: fc.nat(0x7fffffff),
      last: fc.boolean(),
      payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    }),
    fc.record({
      kind: fc.constant("control" as const),
      type: fc.nat(0xffff),
      flags: fc.nat(255),
      payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    }),
  ),
  { maxLength: 12 },
);

test("frames come out as they went in, however the bytes are cut", () => {
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 400 })), (sent, cuts) => {
      const parser = new FrameParser(1 << 20);
      const read = cut(Buffer.concat(sent.map(encode)), cuts).flatMap((chunk) => parser.push(chunk));
      expect(read).toEqual(sent);
    }),
    { seed },
  );
});

test("a frame that is too long is refused by its head", () => {
  const parser = new FrameParser(1000);
  expect(parser.push(dataHead(1, 1000, false))).toEqual([]);
  expect(parser.push(Buffer.alloc(1000))).toHaveLength(1);
  expect(() => parser.push(dataHead(1, 1001, false))).toThrow(RangeError);
});

function encode(frame: Frame): Buffer {
  if (frame.kind === "control") return controlFrame(frame.type, frame.payload, frame.flags);
  return Buffer.concat([dataHead(frame.streamId, frame.payload.length, frame.last), frame.payload]);
}

/** The bytes in pieces of these sizes, over and over. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
