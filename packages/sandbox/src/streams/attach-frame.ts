/** What travels between a client that joins a container's streams and the node part. */
export type AttachFrame =
  | { readonly type: "stdin" | "stdout" | "stderr"; readonly bytes: Buffer }
  /** The client's input is at its end. */
  | { readonly type: "end" }
  | { readonly type: "resize"; readonly columns: number; readonly rows: number }
  /** The container has ended; nothing comes after it. */
  | { readonly type: "exit"; readonly code: number };

const types = ["stdin", "stdout", "stderr", "end", "resize", "exit"] as const;
const headSize = 5;

/** One byte of type, four of length, then the bytes or numbers. */
export function encodeAttachFrame(frame: AttachFrame): Buffer {
  const payload = payloadOf(frame);
  const head = Buffer.alloc(headSize);
  head[0] = types.indexOf(frame.type);
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

function payloadOf(frame: AttachFrame): Buffer {
  if ("bytes" in frame) return frame.bytes;
  const numbers =
    frame.type === "resize" ? [frame.columns, frame.rows] : frame.type === "exit" ? [frame.code] : [];
  const payload = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, index) => {
    payload.writeUInt32BE(number, 4 * index);
  });
  return payload;
}

/** Cuts bytes, however chunked, into frames. Both ends are ours: what cannot be read is a bug. */
export class AttachFrameParser {
  #bytes: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): AttachFrame[] {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const frames: AttachFrame[] = [];
    while (this.#bytes.length >= headSize) {
      const end = headSize + this.#bytes.readUInt32BE(1);
      if (this.#bytes.length < end) break;
      frames.push(decode(types[this.#bytes[0]!], this.#bytes.subarray(headSize, end)));
      this.#bytes = this.#bytes.subarray(end);
    }
    return frames;
  }
}

function decode(type: AttachFrame["type"] | undefined, payload: Buffer): AttachFrame {
  switch (type) {
    case "stdin":
    case "stdout":
    case "stderr":
      return { type, bytes: payload };
    case "end":
      return { type };
    case "resize":
      return { type, columns: payload.readUInt32BE(0), rows: payload.readUInt32BE(4) };
    case "exit":
      return { type, code: payload.readUInt32BE(0) };
    default:
      throw new Error("an attach frame of no known type");
  }
}
