import { decodeMessage } from "./decode-message.ts";
import type { Directory } from "./directory.ts";
import { encodeMessage } from "./encode-message.ts";
import { lookUp, soa, ttl, zone } from "./lookup.ts";
import { internet, MalformedMessage, type Message, type Question, rcodes, types } from "./message.ts";

/** The largest UDP message that passes everywhere without being cut up (DNS flag day 2020), in bytes. */
const ownPayload = 1_232;
const leastPayload = 512;

export interface RespondOptions {
  readonly transport: "udp" | "tcp";
  /** Answers of several addresses begin with another one each time: the caller counts. */
  readonly turn?: number;
}

/** The answer to a query; undefined for what is better not answered: answers, and what is no DNS message at all. */
export function respond(
  directory: Directory,
  query: Uint8Array,
  { transport, turn = 0 }: RespondOptions,
): Uint8Array | undefined {
  const asked = read(query);
  if (asked === undefined) return undefined;
  const payload = Math.max(leastPayload, Math.min(asked.edns?.payload ?? leastPayload, ownPayload));
  return encodeMessage(answer(directory, asked, turn), transport === "udp" ? payload : undefined);
}

/** A query that cannot be read is answered by its header alone, as far as there is one. */
function read(query: Uint8Array): Message | undefined {
  try {
    const message = decodeMessage(query);
    return message.response ? undefined : message;
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    if (query.length < 12 || (query[2]! & 0x80) !== 0) return undefined;
    const id = query[0]! * 256 + query[1]!;
    return { ...empty, id, opcode: (query[2]! >> 3) & 15, recursionDesired: (query[2]! & 1) !== 0 };
  }
}

const empty: Message = {
  id: 0,
  response: false,
  opcode: 0,
  authoritative: false,
  truncated: false,
  recursionDesired: false,
  recursionAvailable: false,
  rcode: rcodes.noError,
  questions: [],
  answers: [],
  authority: [],
  additional: [],
};

function answer(directory: Directory, query: Message, turn: number): Message {
  const { id, opcode, recursionDesired, questions, edns } = query;
  const base: Message = {
    ...empty,
    id,
    opcode,
    recursionDesired,
    response: true,
    questions,
    ...(edns === undefined ? {} : { edns: { payload: ownPayload, version: 0 } }),
  };
  const [question] = questions;
  if (opcode !== 0) return { ...base, questions: [], rcode: rcodes.notImplemented };
  if (edns !== undefined && edns.version !== 0) return { ...base, rcode: rcodes.badVersion };
  if (question === undefined || questions.length > 1)
    return { ...base, questions: [], rcode: rcodes.formatError };
  return { ...base, ...answerQuestion(directory, question, turn) };
}

function answerQuestion(
  directory: Directory,
  { name, type, class: wanted }: Question,
  turn: number,
): Partial<Message> {
  // Zone transfers and other classes are for others.
  const refused = { rcode: rcodes.refused };
  if (wanted !== internet || (type > 248 && type !== types.ANY)) return refused;
  const found = lookUp(directory, name, type);
  // Nobody is asked upstream: to refuse at once makes resolvers give up at once, where silence would make them wait.
  if (found.kind === "not ours") return refused;
  if (found.kind === "found") {
    const { answers, additional } = found;
    return { authoritative: true, answers: rotate(answers, turn), additional };
  }
  const authority = [{ name: zone, ttl, data: soa() }];
  const rcode = found.kind === "no name" ? rcodes.nameError : rcodes.noError;
  return { authoritative: true, rcode, authority };
}

function rotate<T>(items: readonly T[], turn: number): readonly T[] {
  const start = items.length === 0 ? 0 : turn % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
