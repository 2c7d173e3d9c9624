import type { Probe, ProbeResult } from "@portcullis/sandbox";
import type { Change } from "../case.ts";
import type { Answer, Question, Session } from "../run.ts";
import type { KernelWorld } from "./kernel-world.ts";
import { ping } from "./ping.ts";

/** Silence is short when it is expected, and long when an answer is: a busy machine must not look like a policy. */
const waitMs = { denied: 400, allowed: 5_000 } as const;
const pauseMs = 250;

/** A case in the kernel: changes are written to the API, questions are packets. */
export class KernelSession implements Session {
  readonly #world: KernelWorld;
  readonly #graceMs: number;
  readonly #reuse: () => void;

  /**
   * @param graceMs For so long a cell that is not as expected is asked again.
   * @param reuse called at the end when the pods may serve another case.
   */
  constructor(world: KernelWorld, graceMs: number, reuse: () => void) {
    this.#world = world;
    this.#graceMs = graceMs;
    this.#reuse = reuse;
  }

  change(changes: readonly Change[]): Promise<void> {
    return this.#world.change(changes);
  }

  async judge(questions: readonly Question[]): Promise<readonly Answer[]> {
    const deadline = Date.now() + this.#graceMs;
    const answers = await this.#ask(questions);
    for (;;) {
      const wrong = [...questions.keys()].filter((index) => answers[index] !== questions[index]!.expected);
      if (wrong.length === 0 || Date.now() > deadline) return answers;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const again = await this.#ask(wrong.map((index) => questions[index]!));
      for (const [place, index] of wrong.entries()) answers[index] = again[place]!;
    }
  }

  async close(): Promise<void> {
    await this.#world.removePolicies();
    if (!this.#world.changed) this.#reuse();
  }

  async #ask(questions: readonly Question[]): Promise<Answer[]> {
    const answers = new Map<Question, Answer>();
    const pings = questions.filter(({ protocol }) => protocol === "ICMP");
    const others = questions.filter(({ protocol }) => protocol !== "ICMP");
    await Promise.all([this.#pingAll(pings, answers), this.#probeAll(others, answers)]);
    return questions.map((question) => answers.get(question)!);
  }

  async #probeAll(questions: readonly Question[], answers: Map<Question, Answer>): Promise<void> {
    if (questions.length === 0) return;
    const results = await this.#world.sandbox.probe(questions.map((question) => this.#probe(question)));
    for (const [index, question] of questions.entries())
      answers.set(question, this.#answer(question, results[index]!));
  }

  #probe(question: Question): Probe {
    const { from, port, protocol, expected } = question;
    return {
      from: from === "node" ? "node" : this.#world.podRef(from),
      address: this.#address(question),
      port,
      protocol: protocol === "UDP" ? "UDP" : "TCP",
      timeoutMs: expected ? waitMs.allowed : waitMs.denied,
    };
  }

  /** Passed is what the right pod answered, and what a pod refused that does not listen there. */
  #answer({ to, served }: Question, { outcome, reply }: ProbeResult): Answer {
    const { namespace, name } = this.#world.podRef(to);
    if (outcome === "timeout") return false;
    if (outcome === "refused" && !served) return true;
    if (outcome !== "connected") return `is ${outcome}`;
    return reply === `${namespace}/${name}` ? true : `is answered by ${reply ?? "somebody who says nothing"}`;
  }

  /** One process for each sender. */
  async #pingAll(questions: readonly Question[], answers: Map<Question, Answer>): Promise<void> {
    const senders = new Map<string, Question[]>();
    for (const question of questions) {
      const key = `${question.from} ${question.expected}`;
      senders.set(key, [...(senders.get(key) ?? []), question]);
    }
    await Promise.all(
      [...senders.values()].map(async (own) => {
        const { from, expected } = own[0]!;
        const addresses = own.map((question) => this.#address(question));
        const wait = expected ? waitMs.allowed : waitMs.denied;
        const heard = await ping(this.#world.sandbox, this.#world.podRef(from), addresses, wait);
        for (const [index, question] of own.entries()) answers.set(question, heard[index]!);
      }),
    );
  }

  #address({ to, family, via }: Question): string {
    const address = via === "pod" ? this.#world.address(to, family) : this.#world.serviceAddress(to, family);
    if (address === undefined) throw new Error(`${to} has no IPv${family} address of its ${via}`);
    return address;
  }
}
