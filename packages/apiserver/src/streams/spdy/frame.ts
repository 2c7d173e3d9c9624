// SPDY/3 framing (SPDY draft 3.1, section 2.2): eight bytes of head, then the payload.

/** A frame as it came in. */
export type Frame =
  | { readonly kind: "data"; readonly streamId: number; readonly last: boolean; readonly payload: Buffer }
  | { readonly kind: "control"; readonly type: number; readonly flags: number; readonly payload: Buffer };

/** Types of control frames that have a meaning here; the others (SETTINGS, WINDOW_UPDATE, …) are passed over. */
export const frameTypes = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7 } as const;

/** No frame after this one in its direction. */
export const lastFlag = 1;

export const headSize = 8;

/** What the 24 bits of the length field hold. */
export const longestPayload = (1 << 24) - 1;

/** Status codes of RST_STREAM (section 2.6.3). */
export const resetStatus = { protocolError: 1, refusedStream: 3, cancel: 5 } as const;

const version = 0x8003;

/** The head of a data frame; its payload is written after it. */
export function dataHead(streamId: number, length: number, last: boolean): Buffer {
  const head = Buffer.alloc(headSize);
  head.writeUInt32BE(streamId);
  head.writeUInt32BE(length, 4);
  head[4] = last ? lastFlag : 0;
  return head;
}

/** A whole control frame. */
export function controlFrame(type: number, payload: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(headSize);
  head.writeUInt16BE(version);
  head.writeUInt16BE(type, 2);
  head.writeUInt32BE(payload.length, 4);
  head[4] = flags;
  return Buffer.concat([head, payload]);
}

/** Big-endian numbers, as the payload of most control frames is. */
export function words(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, index) => {
    bytes.writeUInt32BE(number, 4 * index);
  });
  return bytes;
}
