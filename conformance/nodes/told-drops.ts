import { Dataplane } from "@portcullis/dataplane";
import type { FlowRecord } from "@portcullis/engine";
import { NftProcess } from "@portcullis/nft";
import { expect } from "vitest";
import type { TwoNodes } from "./two-nodes.ts";

type Packets = ReadonlyMap<number, number>;

/** What the agents of a node tell of drops, one after another, held against what its kernel counted: of some ports. */
export class ToldDrops {
  readonly #machines: TwoNodes;
  readonly #node: string;
  readonly #ports: readonly number[];
  readonly #nft: NftProcess;
  readonly #kernel: Dataplane;
  /** Packets by port: by the agents that have ended, and by the present one. */
  #before: Packets = new Map();
  #now: Packets = new Map();

  constructor(machines: TwoNodes, node: string, ports: readonly number[]) {
    this.#machines = machines;
    this.#node = node;
    this.#ports = ports;
    this.#nft = new NftProcess({ command: machines.commandOf(node) });
    const connections = { list: async () => [], cut: async () => {} };
    this.#kernel = new Dataplane({ nft: this.#nft, connections, podCidrs: [] });
  }

  /** Waits until the agents have told what the kernel counted, no more and no less. Gives what the present one told. */
  async untilAll(): Promise<readonly FlowRecord[]> {
    await expect.poll(() => this.#differences(), { timeout: 10_000 }).toEqual([]);
    // And what the next look finds is nothing.
    expect(await this.#differences()).toEqual([]);
    return this.#records();
  }

  /** The agent has ended: what the next one tells is to be the rest. */
  ended(): void {
    this.#before = this.#sums([...this.#before, ...this.#now]);
    this.#now = new Map();
  }

  close(): Promise<void> {
    return this.#nft.close();
  }

  async #differences(): Promise<readonly string[]> {
    this.#now = this.#sums(this.#records().map(({ port, count }) => [port, count]));
    const told = this.#sums([...this.#before, ...this.#now]);
    const counted = this.#sums((await this.#kernel.drops()).map(({ port, packets }) => [port, packets]));
    return this.#ports
      .filter((port) => told.get(port) !== counted.get(port))
      .map((port) => `port ${port}: ${told.get(port)} told, ${counted.get(port)} counted`);
  }

  /** The agent looks before it answers. */
  #records(): readonly FlowRecord[] {
    const text = this.#machines.run(this.#node, ["curl", "-s", "http://127.0.0.1:9753/v1/drops"]);
    const { flows } = JSON.parse(text) as { readonly flows: readonly FlowRecord[] };
    return flows.filter(({ port }) => this.#ports.includes(port));
  }

  #sums(packets: readonly (readonly [port: number, count: number])[]): Packets {
    const sums = new Map(this.#ports.map((port) => [port, 0]));
    for (const [port, count] of packets) if (sums.has(port)) sums.set(port, sums.get(port)! + count);
    return sums;
  }
}
