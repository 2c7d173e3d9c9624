/** A message for a stream: its length in two bytes in front of it (RFC 1035, 4.2.2). */
export function framed(message: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([message.length >> 8, message.length & 255]), message]);
}

/** Takes the messages out of a stream, in whatever pieces it comes. */
export class Unframer {
  #waiting: Buffer = Buffer.alloc(0);

  /** The messages that are whole with this piece. */
  push(piece: Uint8Array): readonly Uint8Array[] {
    this.#waiting = Buffer.concat([this.#waiting, piece]);
    const whole: Uint8Array[] = [];
    while (this.#waiting.length >= 2) {
      const end = 2 + this.#waiting.readUInt16BE(0);
      if (this.#waiting.length < end) break;
      whole.push(this.#waiting.subarray(2, end));
      this.#waiting = this.#waiting.subarray(end);
    }
    return whole;
  }
}
