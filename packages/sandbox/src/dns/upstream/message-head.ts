import { ByteReader } from "../byte-reader.ts";
import { MalformedMessage, type Question } from "../message.ts";
import { canonical } from "../name.ts";

/** What tells whose answer a message is, and whether it is one. */
export interface MessageHead {
  readonly id: number;
  readonly response: boolean;
  readonly truncated: boolean;
  /** The lower four bits: all that matter here stand in them. */
  readonly rcode: number;
  /** Of its one question. */
  readonly question: Question;
}

/** Reads no further than the question, whatever the records behind it are; undefined for what has not exactly one. */
export function readHead(message: Uint8Array): MessageHead | undefined {
  try {
    const reader = new ByteReader(message);
    const id = reader.u16();
    const flags = reader.u16();
    if (reader.u16() !== 1) return undefined;
    reader.take(6);
    const question = { name: reader.name(), type: reader.u16(), class: reader.u16() };
    return {
      id,
      response: (flags & 0x8000) !== 0,
      truncated: (flags & 0x0200) !== 0,
      rcode: flags & 15,
      question,
    };
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
}

/** Whether a message answers the query: what else comes from there may be somebody's guess (RFC 5452, 9.1). */
export function isAnswerTo(query: MessageHead, { id, response, question }: MessageHead): boolean {
  const text = (each: Question) => JSON.stringify([canonical(each.name), each.type, each.class]);
  return response && id === query.id && text(question) === text(query.question);
}

/** The same message under another number. */
export function withId(message: Uint8Array, id: number): Uint8Array {
  const copy = Uint8Array.from(message);
  copy[0] = id >> 8;
  copy[1] = id & 255;
  return copy;
}
