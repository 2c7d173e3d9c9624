import type { Directory } from "./directory.ts";
import { encodeMessage } from "./encode-message.ts";
import { lookUp, soa, ttl, zone } from "./lookup.ts";
import { type Message, type Question, rcodes } from "./message.ts";
import { answerTo, limitOf, questionOf, readQuery } from "./query.ts";

export interface RespondOptions {
  readonly transport: "udp" | "tcp";
  /** Answers of several addresses begin with another one each time: the caller counts. */
  readonly turn?: number;
}

/** The answer to a query from what the cluster knows; undefined for what is better not answered. */
export function respond(
  directory: Directory,
  query: Uint8Array,
  { transport, turn = 0 }: RespondOptions,
): Uint8Array | undefined {
  const asked = readQuery(query);
  return asked && encodeMessage(answerOf(directory, asked, turn), limitOf(asked, transport));
}

/** As `respond`, before it is bytes. */
export function answerOf(directory: Directory, query: Message, turn: number): Message {
  const base = answerTo(query);
  const question = questionOf(query);
  if (!("rcode" in question)) return { ...base, ...answerQuestion(directory, question, turn) };
  const { rcode } = question;
  const readable = rcode === rcodes.badVersion || rcode === rcodes.refused;
  return { ...base, ...(readable ? {} : { questions: [] }), rcode };
}

function answerQuestion(directory: Directory, { name, type }: Question, turn: number): Partial<Message> {
  const found = lookUp(directory, name, type);
  // Nobody is asked upstream: to refuse at once makes resolvers give up at once, where silence would make them wait.
  if (found.kind === "not ours") return { rcode: rcodes.refused };
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
