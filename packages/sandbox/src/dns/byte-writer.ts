import { canonical, type Name } from "./name.ts";

/** Builds a message's bytes. */
export class ByteWriter {
  #bytes: number[] = [];
  /** Where each name, by its end, was written first. */
  readonly #names = new Map<string, number>();

  get length(): number {
    return this.#bytes.length;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  u8(value: number): void {
    this.#bytes.push(value & 255);
  }

  u16(value: number): void {
    this.u8(value >>> 8);
    this.u8(value);
  }

  u32(value: number): void {
    this.u16(value >>> 16);
    this.u16(value);
  }

  raw(bytes: Iterable<number>): void {
    for (const byte of bytes) this.u8(byte);
  }

  text(text: string): void {
    this.raw(Buffer.from(text, "latin1"));
  }

  /** What was written before is pointed at (RFC 1035, 4.1.4), in the case that it was written in. */
  name(name: Name, compress = true): void {
    const lower = canonical(name);
    for (let index = 0; index < name.length; index++) {
      const rest = JSON.stringify(lower.slice(index));
      const known = this.#names.get(rest);
      if (compress && known !== undefined) {
        this.u16(0xc000 | known);
        return;
      }
      // A pointer has fourteen bits.
      if (known === undefined && this.length < 0x4000) this.#names.set(rest, this.length);
      const label = name[index]!;
      this.u8(label.length);
      this.text(label);
    }
    this.u8(0);
  }

  /** What `write` writes, with its length in front. */
  counted(write: () => void): void {
    const start = this.length;
    this.u16(0);
    write();
    const length = this.length - start - 2;
    this.#bytes[start] = length >>> 8;
    this.#bytes[start + 1] = length & 255;
  }
}
