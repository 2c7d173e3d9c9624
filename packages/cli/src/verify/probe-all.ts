import type { Probe, ProbeResult, SandboxHandle } from "@portcullis/sandbox";
import { confirms, type Expectation, expectationOf } from "./outcome.ts";
import type { Question } from "./question.ts";

/** A question with what became of its packet. */
export interface Answer {
  readonly question: Question;
  readonly expectation: Expectation;
  readonly result: ProbeResult;
  readonly confirmed: boolean;
  readonly attempts: number;
}

export interface ProbeAllOptions {
  /** Called with the number of questions that have their answer. */
  readonly onProgress?: (done: number) => void;
  /** Stops sending. */
  readonly signal?: AbortSignal;
}

/** Milliseconds of silence that count as a drop when one is predicted; an answer takes a few. */
const shortMs = 300;
/** Milliseconds that an answer which is predicted may take, and that a second look gives. */
const longMs = 2_000;
/** Where either may be: below one second, after which TCP tries again and may meet another pod of the Service. */
const eitherMs = 700;
/** An answer slower than this shows that the machine is too busy for `shortMs` to mean anything. */
const slowMs = 1_000;

const firstWait = { allow: longMs, deny: shortMs, some: eitherMs } as const;

/** The node part has 256 under way for each request. */
const chunkSize = 1_024;
const lanes = 6;
/** Times that a Service whose pods differ is asked: each time it picks one of them. */
const repeats = 6;

/**
 * Sends every question's packet. A denial is silence, and silence takes time: predicted denials get a short one, unless
 * the answers that come meanwhile are slow; then the denials beside them are asked again at length. An answer that did
 * not come is asked for again before it counts. A packet that passed where none may is never excused by a second one
 * that did not.
 */
export async function probeAll(
  sandbox: Pick<SandboxHandle, "probe">,
  questions: readonly Question[],
  { onProgress = () => {}, signal }: ProbeAllOptions = {},
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  let done = 0;
  const lane = async () => {
    while (next < questions.length && signal?.aborted !== true) {
      const start = next;
      next = Math.min(next + chunkSize, questions.length);
      const chunk = await probeChunk(sandbox, questions.slice(start, next));
      for (const [offset, answer] of chunk.entries()) answers[start + offset] = answer;
      done += chunk.length;
      onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  signal?.throwIfAborted();
  return answers;
}

type Asked = Pick<Answer, "question" | "expectation">;

async function probeChunk(
  sandbox: Pick<SandboxHandle, "probe">,
  questions: readonly Question[],
): Promise<readonly Answer[]> {
  const asked = questions.map((question): Asked => ({ question, expectation: expectationOf(question) }));
  const first = await ask(sandbox, asked, ({ predicted }) => firstWait[predicted]);
  const slowest = Math.max(
    0,
    ...first.map(({ result }) => (result.outcome === "timeout" ? 0 : result.milliseconds)),
  );
  const doubtful = first.filter((answer) => isDoubtful(answer, slowest));
  const secondWait = { allow: Math.max(longMs, 4 * slowest), deny: slowMs, some: eitherMs };
  const second = await ask(sandbox, doubtful, ({ predicted }) => secondWait[predicted]);
  const better = new Map(doubtful.map((answer, index) => [answer, second[index]!]));
  return first.map((answer) => {
    const again = better.get(answer);
    return again === undefined ? answer : { ...again, attempts: answer.attempts + again.attempts };
  });
}

/** Whether a second look may change it: silence that may have been too short, or an answer that may have been lost. */
function isDoubtful({ confirmed, expectation, result }: Answer, slowest: number): boolean {
  if (confirmed) return expectation.predicted === "deny" && slowest > slowMs;
  if (expectation.predicted === "deny") return result.outcome === "unreachable";
  return result.outcome !== "refused" && result.reply === undefined;
}

/** One packet for each, several through a Service whose pods differ: then the first that must not be counts. */
async function ask(
  sandbox: Pick<SandboxHandle, "probe">,
  asked: readonly Asked[],
  timeoutFor: (expectation: Expectation) => number,
): Promise<Answer[]> {
  const probes = asked.flatMap(({ question, expectation }) => {
    const { source, address, port, protocol } = question;
    const probe: Probe = {
      from: { namespace: source.namespace, name: source.name },
      address: address.text,
      port,
      protocol,
      timeoutMs: timeoutFor(expectation),
    };
    return Array.from({ length: timesOf(expectation) }, () => probe);
  });
  const results = probes.length === 0 ? [] : await sandbox.probe(probes);
  let at = 0;
  return asked.map(({ question, expectation }) => {
    const times = timesOf(expectation);
    const own = results.slice(at, at + times);
    at += times;
    const result = own.find((one) => !confirms(expectation, one)) ?? own[0]!;
    return { question, expectation, result, confirmed: confirms(expectation, result), attempts: 1 };
  });
}

const timesOf = ({ predicted }: Expectation): number => (predicted === "some" ? repeats : 1);
