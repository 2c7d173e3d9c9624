import { setTimeout as sleep } from "node:timers/promises";
import { Unreachable } from "@portcullis/kube";
import { unlessAborted } from "../io/interrupt.ts";
import { type FleetFacts, type FleetStatus, fleetStatus, podsInDoubt } from "./fleet-status.ts";
import { FleetWatch } from "./fleet-watch.ts";
import { missingParts, type Waiting } from "./missing-parts.ts";
import { namedPolicies } from "./named-policies.ts";
import { isSettled, type PolicyStatus } from "./policy-status.ts";
import { readNodes } from "./read-nodes.ts";
import { readPolicies, withoutDeleted } from "./read-policies.ts";
import type { StatusQuestion } from "./status-question.ts";

/** Policies, nodes and pods are looked at again at the earliest after so many milliseconds, while something is missing. */
const rereadMs = 1000;
/** And after so many times as long as it took. */
const rereadRatio = 10;

/** How long the first answer may take, however short the time-out is, in milliseconds. */
const firstAnswerMs = 5000;

/** Between two judgements passes as many times as long as a judgement takes: in a large cluster, records come all the time. */
const restRatio = 4;

export interface Waited {
  readonly status: FleetStatus;
  readonly waiting: Waiting;
  /** What is still missing at the time-out, a sentence each; empty when all is in force. */
  readonly missing: readonly string[];
}

/**
 * Waits until the policies are in force as the API has them now, and none that was deleted is in force any more. Changes
 * that are made from now on are not waited for. Throws what keeps the API from being followed at the time-out.
 */
export async function waitInForce(
  question: StatusQuestion,
  onMissing: (part: string) => void,
  signal: AbortSignal,
): Promise<Waited> {
  const { client } = question;
  const deadline = performance.now() + question.timeout;
  const leftMs = () => Math.max(0, deadline - performance.now());
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const watch = new FleetWatch(client, question.agentNamespace, (error) => ended.abort(error));
  try {
    const read = await unlessAborted(either, readPolicies(client, question.namespace));
    const named = namedPolicies(read, question.names, question);
    const waiting: Waiting = { named, question, revision: read.revision };
    let nodes = await unlessAborted(either, readNodes(client));
    await unlessAborted(either, Promise.race([watch.synced, pause(Math.max(leftMs(), firstAnswerMs))]));
    const facts = (): FleetFacts => ({
      read,
      gone: named.gone,
      nodes,
      records: watch.records(),
      nowMs: Date.now(),
    });
    let pods = await unlessAborted(either, podsInDoubt(client, facts(), named.asked));
    let rereadAt = performance.now() + rereadMs;
    // What once had come to its nodes is not looked at again: versions only go forward.
    const settled = new Map<string, PolicyStatus>();
    let rest = named.asked;
    for (;;) {
      const began = performance.now();
      const status = fleetStatus(facts(), rest, pods);
      for (const policy of status.policies) if (isSettled(policy)) settled.set(policy.policy.key, policy);
      rest = rest.filter(({ key }) => !settled.has(key));
      const missing = missingParts(status, waiting);
      if (missing.length === 0) {
        const policies = named.asked.flatMap(({ key }) => settled.get(key) ?? []);
        return { status: { ...status, policies }, waiting, missing };
      }
      if (leftMs() === 0 && watch.trouble !== undefined) throw watch.trouble;
      if (leftMs() === 0) return { status, waiting, missing };
      onMissing(missing[0]!);
      await unlessAborted(either, pause(restRatio * (performance.now() - began)));
      await unlessAborted(
        either,
        watch.change(Math.min(leftMs(), Math.max(0, rereadAt - performance.now()))),
      );
      if (performance.now() < rereadAt) continue;
      // Policies, nodes and pods come and go while we wait.
      const again = performance.now();
      rest = await unlessAborted(either, orFormer(withoutDeleted(client, rest), rest));
      nodes = await unlessAborted(either, orFormer(readNodes(client), nodes));
      pods = await unlessAborted(either, orFormer(podsInDoubt(client, facts(), rest), pods));
      rereadAt = performance.now() + Math.max(rereadMs, rereadRatio * (performance.now() - again));
    }
  } finally {
    watch.stop();
  }
}

/** An API server that is away for a while is waited for like all else. */
async function orFormer<T>(reading: Promise<T>, former: T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Unreachable) return former;
    throw error;
  }
}

function pause(milliseconds: number): Promise<unknown> {
  return sleep(milliseconds, undefined, { ref: false });
}
