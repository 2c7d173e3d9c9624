import { decodeMessage } from "./decode-message.ts";
import type { Directory } from "./directory.ts";
import { encodeMessage } from "./encode-message.ts";
import { lookUp } from "./lookup.ts";
import { MalformedMessage, type Message, type Question, rcodes, types } from "./message.ts";
import { answerTo, limitOf, queryFor, questionOf, readQuery } from "./query.ts";
import { answerOf, type RespondOptions } from "./respond.ts";
import type { Upstream } from "./upstream/relay-client.ts";

/**
 * As `respond`, with a server to ask for what is no name of the cluster, and for what an ExternalName Service stands for
 * (a pod's resolver does not follow an alias by itself).
 */
export async function respondOrForward(
  directory: Directory,
  query: Uint8Array,
  { transport, turn = 0 }: RespondOptions,
  upstream: Upstream,
): Promise<Uint8Array | undefined> {
  const asked = readQuery(query);
  if (asked === undefined) return undefined;
  const limit = limitOf(asked, transport);
  const question = questionOf(asked);
  const kind = "rcode" in question ? undefined : lookUp(directory, question.name, question.type).kind;
  if (kind === "not ours") return fit(await upstream.ask(query), asked, limit);
  const answer = { ...answerOf(directory, asked, turn), recursionAvailable: true };
  const alias = "rcode" in question ? undefined : openAlias(answer, question, directory);
  if (alias === undefined) return encodeMessage(answer, limit);
  const { rcode, answers } = (await follow(alias, upstream)) ?? { rcode: rcodes.serverFailure, answers: [] };
  return encodeMessage({ ...answer, rcode, answers: [...answer.answers, ...answers] }, limit);
}

/** An upstream's answer goes on as it is; one that is too long for a datagram says so, and is asked for by TCP. */
function fit(answer: Uint8Array | undefined, asked: Message, limit = 65_535): Uint8Array {
  const base = { ...answerTo(asked), recursionAvailable: true };
  if (answer === undefined) return encodeMessage({ ...base, rcode: rcodes.serverFailure });
  return answer.length <= limit ? answer : encodeMessage({ ...base, truncated: true });
}

/** The question that an answer leaves open: it ends with an alias of a name outside. */
function openAlias({ answers }: Message, { type, class: own }: Question, directory: Directory) {
  const last = answers.at(-1)?.data;
  // One that leads to a name of the cluster has that name's records behind it.
  if (answers.length !== 1 || last?.type !== "CNAME" || type === types.CNAME || type === types.ANY)
    return undefined;
  const outside = lookUp(directory, last.target, type).kind === "not ours";
  return outside ? { name: last.target, type, class: own } : undefined;
}

/** What an upstream knows of a name, as far as we can write it anew; undefined when it cannot be had. */
async function follow(question: Question, upstream: Upstream) {
  const reply = await upstream.ask(encodeMessage(queryFor(question)));
  if (reply === undefined) return undefined;
  try {
    const { rcode, answers } = decodeMessage(reply);
    return { rcode, answers: answers.filter(({ data }) => typeof data.type === "string") };
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
}
