import { parseAddress } from "@portcullis/engine";
import { ByteWriter } from "./byte-writer.ts";
import { internet, type Message, type RecordData, type ResourceRecord, types } from "./message.ts";

/**
 * The bytes of a message. One that is longer than `limit` loses its additional records, and if that is not enough, all
 * others: then it says that it is truncated, and the client asks again by TCP (RFC 2181, 9).
 */
export function encodeMessage(message: Message, limit = 65_535): Uint8Array {
  const whole = encode(message);
  if (whole.length <= limit) return whole;
  const bare = encode({ ...message, additional: [] });
  if (bare.length <= limit) return bare;
  return encode({ ...message, truncated: true, answers: [], authority: [], additional: [] });
}

function encode(message: Message): Uint8Array {
  const writer = new ByteWriter();
  const { questions, answers, authority, additional, edns } = message;
  writer.u16(message.id);
  writer.u16(flagsOf(message));
  writer.u16(questions.length);
  writer.u16(answers.length);
  writer.u16(authority.length);
  writer.u16(additional.length + (edns === undefined ? 0 : 1));
  for (const question of questions) {
    writer.name(question.name);
    writer.u16(question.type);
    writer.u16(question.class);
  }
  for (const record of [...answers, ...authority, ...additional]) writeRecord(writer, record);
  if (edns !== undefined) {
    writer.u8(0);
    writer.u16(types.OPT);
    writer.u16(edns.payload);
    writer.u32((message.rcode >>> 4) * 2 ** 24 + edns.version * 65_536);
    writer.u16(0);
  }
  return writer.bytes();
}

function flagsOf(message: Message): number {
  return (
    (message.response ? 0x8000 : 0) |
    (message.opcode << 11) |
    (message.authoritative ? 0x0400 : 0) |
    (message.truncated ? 0x0200 : 0) |
    (message.recursionDesired ? 0x0100 : 0) |
    (message.recursionAvailable ? 0x0080 : 0) |
    (message.rcode & 15)
  );
}

function writeRecord(writer: ByteWriter, { name, ttl, data }: ResourceRecord): void {
  writer.name(name);
  writer.u16(typeof data.type === "number" ? data.type : types[data.type]);
  writer.u16(internet);
  writer.u32(ttl);
  writer.counted(() => writeData(writer, data));
}

function writeData(writer: ByteWriter, data: RecordData): void {
  switch (data.type) {
    case "A":
    case "AAAA":
      writer.raw(addressBytes(data.address, data.type === "A" ? 4 : 16));
      break;
    case "NS":
    case "CNAME":
    case "PTR":
      writer.name(data.target);
      break;
    case "SRV":
      for (const number of [data.priority, data.weight, data.port]) writer.u16(number);
      // Not compressed: who does not know the type could not undo it (RFC 2782, RFC 3597).
      writer.name(data.target, false);
      break;
    case "TXT":
      for (const text of data.texts) {
        writer.u8(text.length);
        writer.text(text);
      }
      break;
    case "SOA":
      writer.name(data.server);
      writer.name(data.mailbox);
      for (const number of [data.serial, data.refresh, data.retry, data.expire, data.minimum])
        writer.u32(number);
      break;
    default:
      writer.raw(data.bytes);
  }
}

function addressBytes(text: string, length: number): Uint8Array {
  let value = parseAddress(text)?.value ?? 0n;
  const bytes = new Uint8Array(length);
  for (let index = length - 1; index >= 0; index--) {
    bytes[index] = Number(value & 255n);
    value >>= 8n;
  }
  return bytes;
}
