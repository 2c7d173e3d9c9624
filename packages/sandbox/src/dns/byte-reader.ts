import { MalformedMessage } from "./message.ts";
import type { Name } from "./name.ts";

const longestName = 255;

/** Reads a message's bytes; anything out of bounds throws MalformedMessage. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  u8(): number {
    const byte = this.#bytes[this.position];
    if (byte === undefined) throw new MalformedMessage("the message ends too early");
    this.position += 1;
    return byte;
  }

  u16(): number {
    return this.u8() * 256 + this.u8();
  }

  u32(): number {
    return this.u16() * 65_536 + this.u16();
  }

  take(length: number): Uint8Array {
    if (this.position + length > this.#bytes.length) throw new MalformedMessage("the message ends too early");
    this.position += length;
    return this.#bytes.subarray(this.position - length, this.position);
  }

  text(length: number): string {
    return Buffer.from(this.take(length)).toString("latin1");
  }

  /** A name, its pointers followed (RFC 1035, 4.1.4). They only lead backwards, so that this ends. */
  name(): Name {
    const labels: string[] = [];
    let length = 0;
    let resume: number | undefined;
    let start = this.position;
    for (;;) {
      const size = this.u8();
      if (size === 0) break;
      if (size >= 0xc0) {
        const target = (size & 0x3f) * 256 + this.u8();
        if (target >= start) throw new MalformedMessage("a name points forward");
        resume ??= this.position;
        start = target;
        this.position = target;
        continue;
      }
      if (size > 63) throw new MalformedMessage("a label of an unknown kind");
      length += size + 1;
      if (length >= longestName) throw new MalformedMessage("a name is too long");
      labels.push(this.text(size));
    }
    this.position = resume ?? this.position;
    return labels;
  }
}
