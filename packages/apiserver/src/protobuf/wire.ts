/** The bytes are no protobuf of the message that they should be. */
export class MalformedProtobuf extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MalformedProtobuf";
  }
}

/** What follows a field's tag (protobuf encoding, wire types). */
export const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Reads protobuf's primitives from the front; throws MalformedProtobuf, and never reads past the end. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The next field's number and wire type. */
  tag(): { readonly field: number; readonly wire: number } {
    const tag = this.varint();
    if (tag < 8n || tag > 0xffffffffn) throw new MalformedProtobuf(`illegal tag ${tag}`);
    return { field: Number(tag >> 3n), wire: Number(tag & 7n) };
  }

  /** Unsigned, of 64 bits at most. */
  varint(): bigint {
    let low = 0;
    for (let i = 0; i < 4; i++) {
      const byte = this.#byte();
      low |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (let i = 4n; i < 10n; i++) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << (7n * i);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new MalformedProtobuf("a varint of more than ten bytes");
  }

  /** A view, not a copy. */
  bytes(): Buffer {
    const length = this.varint();
    const left = this.#bytes.length - this.#at;
    if (length > BigInt(left)) throw new MalformedProtobuf("unexpected EOF");
    const from = this.#at;
    this.#at += Number(length);
    return this.#bytes.subarray(from, this.#at);
  }

  /** Steps over a field that nobody knows. */
  skip(wire: number): void {
    switch (wire) {
      case wireType.varint:
        this.varint();
        return;
      case wireType.fixed64:
        this.#step(8);
        return;
      case wireType.bytes:
        this.bytes();
        return;
      case wireType.fixed32:
        this.#step(4);
        return;
      default:
        throw new MalformedProtobuf(`illegal wireType ${wire}`);
    }
  }

  #step(length: number): void {
    if (this.#bytes.length - this.#at < length) throw new MalformedProtobuf("unexpected EOF");
    this.#at += length;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new MalformedProtobuf("unexpected EOF");
    this.#at++;
    return byte;
  }
}
