import type { RawData } from "ws";

/** How the channels of one WebSocket are told apart: by the first byte of a message, or, in base64, its first digit. */
export interface ChannelCodec {
  encode(channel: number, bytes: Buffer): Buffer | string;
  /** Undefined for a message without a channel. */
  decode(message: RawData): { readonly channel: number; readonly bytes: Buffer } | undefined;
}

export const binaryCodec: ChannelCodec = {
  encode: (channel, bytes) => Buffer.concat([Buffer.from([channel]), bytes]),
  decode(message) {
    const bytes = toBuffer(message);
    return bytes.length === 0 ? undefined : { channel: bytes[0]!, bytes: bytes.subarray(1) };
  },
};

export const base64Codec: ChannelCodec = {
  encode: (channel, bytes) => `${channel}${bytes.toString("base64")}`,
  decode(message) {
    const text = toBuffer(message).toString("latin1");
    const channel = Number.parseInt(text.slice(0, 1), 10);
    return Number.isNaN(channel) ? undefined : { channel, bytes: Buffer.from(text.slice(1), "base64") };
  },
};

function toBuffer(message: RawData): Buffer {
  if (Array.isArray(message)) return Buffer.concat(message);
  return Buffer.isBuffer(message) ? message : Buffer.from(message);
}
