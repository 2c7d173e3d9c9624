import type { Pod } from "../model/objects.ts";
import type { Protocol } from "../model/protocol.ts";
import type { Clock } from "./clock.ts";
import type { PodEntry } from "./pod-entry.ts";

interface Bucket {
  readonly pods: Set<PodEntry>;
  changedAt: number;
}

/** The pods that have a container port of a given name and protocol. */
export class NamedPortIndex {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Files the pod, or notes that it looks different now. */
  add(entry: PodEntry, pod: Pod): void {
    for (const { name, protocol } of pod.ports) {
      if (name === undefined) continue;
      const key = bucketKey(protocol, name);
      const bucket = this.#buckets.get(key);
      if (bucket === undefined) {
        this.#buckets.set(key, { pods: new Set([entry]), changedAt: this.#clock.tick() });
      } else {
        bucket.pods.add(entry);
        bucket.changedAt = this.#clock.tick();
      }
    }
  }

  delete(entry: PodEntry, pod: Pod): void {
    for (const { name, protocol } of pod.ports) {
      if (name === undefined) continue;
      const key = bucketKey(protocol, name);
      const bucket = this.#buckets.get(key);
      if (!bucket?.pods.delete(entry)) continue;
      bucket.changedAt = this.#clock.tick();
      if (bucket.pods.size === 0) this.#buckets.delete(key);
    }
  }

  podsWith(protocol: Protocol, name: string): Iterable<PodEntry> {
    return this.#buckets.get(bucketKey(protocol, name))?.pods ?? [];
  }

  /** When the pods of the name last changed; "now" when there are none, because nothing is kept about those. */
  changedAt(protocol: Protocol, name: string): number {
    return this.#buckets.get(bucketKey(protocol, name))?.changedAt ?? Number.POSITIVE_INFINITY;
  }
}

const bucketKey = (protocol: Protocol, name: string): string => `${protocol}:${name}`;

/**
 * The numbers that a port name stands for on one pod: every container port of that name and protocol, sorted. Names are
 * unique within a container but not within a pod.
 */
export function portNumbers(pod: Pod, protocol: Protocol, name: string): readonly number[] {
  const numbers = pod.ports.filter((port) => port.name === name && port.protocol === protocol);
  return [...new Set(numbers.map(({ port }) => port))].sort((a, b) => a - b);
}

/** `portNumbers(pod, protocol, name).includes(number)`, for the evaluator's fast path. */
export function hasNamedPort(pod: Pod, protocol: Protocol, name: string, number: number): boolean {
  for (const port of pod.ports) {
    if (port.port === number && port.protocol === protocol && port.name === name) return true;
  }
  return false;
}
