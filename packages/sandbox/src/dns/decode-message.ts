import { addressFromValue } from "@portcullis/engine";
import { ByteReader } from "./byte-reader.ts";
import { MalformedMessage, type Message, type RecordData, type ResourceRecord, types } from "./message.ts";

/** Reads a message (RFC 1035, 4). @throws MalformedMessage */
export function decodeMessage(bytes: Uint8Array): Message {
  const reader = new ByteReader(bytes);
  const id = reader.u16();
  const flags = reader.u16();
  const [questions, answers, authority, additional] = [
    reader.u16(),
    reader.u16(),
    reader.u16(),
    reader.u16(),
  ];
  const list = <T>(count: number, read: () => T): T[] => Array.from({ length: count }, read);
  const question = () => ({ name: reader.name(), type: reader.u16(), class: reader.u16() });
  const raw = {
    questions: list(questions, question),
    answers: list(answers, () => readRecord(reader)),
    authority: list(authority, () => readRecord(reader)),
    additional: list(additional, () => readRecord(reader)),
  };
  const options = raw.additional.filter(({ data }) => data.type === types.OPT);
  if (options.length > 1) throw new MalformedMessage("more than one OPT record");
  const [option] = options;
  const edns =
    option === undefined ? undefined : { payload: option.class, version: (option.ttl >>> 16) & 255 };
  const extended = option === undefined ? 0 : (option.ttl >>> 24) << 4;
  const records = (all: readonly RawRecord[]): readonly ResourceRecord[] =>
    all.filter(({ data }) => data.type !== types.OPT).map(({ name, ttl, data }) => ({ name, ttl, data }));
  return {
    id,
    response: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 15,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    recursionDesired: (flags & 0x0100) !== 0,
    recursionAvailable: (flags & 0x0080) !== 0,
    rcode: (flags & 15) | extended,
    questions: raw.questions,
    answers: records(raw.answers),
    authority: records(raw.authority),
    additional: records(raw.additional),
    ...(edns === undefined ? {} : { edns }),
  };
}

type RawRecord = ResourceRecord & { readonly class: number };

function readRecord(reader: ByteReader): RawRecord {
  const name = reader.name();
  const type = reader.u16();
  const recordClass = reader.u16();
  const ttl = reader.u32();
  const length = reader.u16();
  const end = reader.position + length;
  const data = readData(reader, type, length);
  if (reader.position !== end) throw new MalformedMessage("a record's length is not that of its data");
  return { name, class: recordClass, ttl, data };
}

function readData(reader: ByteReader, type: number, length: number): RecordData {
  switch (type) {
    case types.A:
      return { type: "A", address: addressFromValue(4, numberIn(reader.take(4))).text };
    case types.AAAA:
      return { type: "AAAA", address: addressFromValue(6, numberIn(reader.take(16))).text };
    case types.NS:
      return { type: "NS", target: reader.name() };
    case types.CNAME:
      return { type: "CNAME", target: reader.name() };
    case types.PTR:
      return { type: "PTR", target: reader.name() };
    case types.SRV:
      return {
        type: "SRV",
        priority: reader.u16(),
        weight: reader.u16(),
        port: reader.u16(),
        target: reader.name(),
      };
    case types.TXT:
      return { type: "TXT", texts: readTexts(reader, length) };
    case types.SOA:
      return {
        type: "SOA",
        server: reader.name(),
        mailbox: reader.name(),
        serial: reader.u32(),
        refresh: reader.u32(),
        retry: reader.u32(),
        expire: reader.u32(),
        minimum: reader.u32(),
      };
    default:
      return { type, bytes: reader.take(length) };
  }
}

function readTexts(reader: ByteReader, length: number): readonly string[] {
  const end = reader.position + length;
  const texts: string[] = [];
  while (reader.position < end) texts.push(reader.text(reader.u8()));
  return texts;
}

function numberIn(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}
