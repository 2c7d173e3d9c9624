import { decodeMessage } from "./decode-message.ts";
import { encodeMessage } from "./encode-message.ts";
import { internet, MalformedMessage, type Message, type Question, rcodes, types } from "./message.ts";

/** The largest UDP message that passes everywhere without being cut up (DNS flag day 2020), in bytes. */
const ownPayload = 1_232;
const leastPayload = 512;

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

/** A question for a server that asks others. */
export function queryFor(question: Question): Message {
  return {
    ...empty,
    recursionDesired: true,
    questions: [question],
    edns: { payload: ownPayload, version: 0 },
  };
}

/** A query that cannot be read is its header alone. Undefined for what is better not answered: answers, and no DNS at all. */
export function readQuery(query: Uint8Array): Message | undefined {
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

/** An answer that says nothing yet. */
export function answerTo({ id, opcode, recursionDesired, questions, edns }: Message): Message {
  return {
    ...empty,
    id,
    opcode,
    recursionDesired,
    response: true,
    questions,
    ...(edns === undefined ? {} : { edns: { payload: ownPayload, version: 0 } }),
  };
}

/** How long an answer may be for who asked, in bytes; undefined: as long as it likes. */
export function limitOf({ edns }: Message, transport: "udp" | "tcp"): number | undefined {
  if (transport === "tcp") return undefined;
  return Math.max(leastPayload, Math.min(edns?.payload ?? leastPayload, ownPayload));
}

/** The one question of a query for records, or the code that anything else is answered with. */
export function questionOf({ opcode, questions, edns }: Message): Question | { readonly rcode: number } {
  const [question] = questions;
  if (opcode !== 0) return { rcode: rcodes.notImplemented };
  if (edns !== undefined && edns.version !== 0) return { rcode: rcodes.badVersion };
  if (question === undefined || questions.length > 1) return { rcode: rcodes.formatError };
  // Zone transfers and other classes are for others.
  if (question.class !== internet || (question.type > 248 && question.type !== types.ANY))
    return { rcode: rcodes.refused };
  return question;
}

/** An answer of a code alone; undefined for what is better not answered. */
export function refusal(query: Uint8Array, rcode: number): Uint8Array | undefined {
  const asked = readQuery(query);
  return asked && encodeMessage({ ...answerTo(asked), rcode });
}
