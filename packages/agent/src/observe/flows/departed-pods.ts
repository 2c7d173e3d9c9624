import type { Address, Pod } from "@portcullis/engine";

export interface DepartedPod {
  readonly pod: Pod;
  /** When it gave the address up, in milliseconds since the epoch. */
  readonly atMs: number;
}

export interface DepartedPodsOptions {
  /** How long they are remembered (default five minutes, as long as the kernel remembers dropped flows). */
  readonly keepMs?: number;
  /** How many addresses are remembered at most (default 8,192); the oldest are forgotten first. */
  readonly most?: number;
}

/**
 * Pods that had an address lately and have it no longer. Dropped packets are read some time after they were dropped, and
 * the address may be another pod's by then.
 */
export class DepartedPods {
  readonly #keepMs: number;
  readonly #most: number;
  /** By address and pod; in the order of their departure. */
  readonly #departed = new Map<string, DepartedPod & { readonly address: string }>();
  readonly #keys = new Map<string, Set<string>>();

  constructor({ keepMs = 300_000, most = 8_192 }: DepartedPodsOptions = {}) {
    this.#keepMs = keepMs;
    this.#most = most;
  }

  /** The pod has these addresses no longer. */
  note(pod: Pod, addresses: readonly Address[], atMs: number): void {
    for (const { text: address } of addresses) {
      const key = `${address} ${pod.namespace}/${pod.name}`;
      this.#departed.delete(key);
      this.#departed.set(key, { pod, atMs, address });
      const keys = this.#keys.get(address);
      if (keys === undefined) this.#keys.set(address, new Set([key]));
      else keys.add(key);
    }
    this.#forget(atMs - this.#keepMs);
  }

  /** Those that had the address, the last to leave first. */
  at(address: Address, nowMs: number): readonly DepartedPod[] {
    const keys = this.#keys.get(address.text);
    if (keys === undefined) return [];
    return [...keys]
      .map((key) => this.#departed.get(key)!)
      .filter(({ atMs }) => atMs >= nowMs - this.#keepMs)
      .sort((a, b) => b.atMs - a.atMs);
  }

  get size(): number {
    return this.#departed.size;
  }

  #forget(beforeMs: number): void {
    for (const [key, { address, atMs }] of this.#departed) {
      if (atMs >= beforeMs && this.#departed.size <= this.#most) return;
      this.#departed.delete(key);
      const keys = this.#keys.get(address)!;
      keys.delete(key);
      if (keys.size === 0) this.#keys.delete(address);
    }
  }
}
