import fc from "fast-check";
import { expect, test } from "vitest";
import { type AttachFrame, AttachFrameParser, encodeAttachFrame } from "./attach-frame.ts";

const seed = Number(process.env.FC_SEED ?? 20260607);

const number = fc.nat(0xffff);
const frame: fc.Arbitrary<AttachFrame> = fc.oneof(
  fc.record({
    type: fc.constantFrom("stdin" as const, "stdout" as const, "stderr" as const),
    bytes: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  }),
  fc.constant({ type: "end" as const }),
  fc.record({ type: fc.constant("resize" as const), columns: number, rows: number }),
  fc.record({ type: fc.constant("exit" as const), code: fc.nat(255) }),
);

test("frames come out as they went in, however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(frame), fc.integer({ min: 1, max: 300 }), (sent, size) => {
      const bytes = Buffer.concat(sent.map(encodeAttachFrame));
      const parser = new AttachFrameParser();
      const read: AttachFrame[] = [];
      for (let at = 0; at < bytes.length; at += size)
        read.push(...parser.push(bytes.subarray(at, at + size)));
      expect(read).toEqual(sent);
    }),
    { seed },
  );
});
