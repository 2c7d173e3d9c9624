import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Dataplane } from "@portcullis/dataplane";
import { type Element, FakeNft } from "@portcullis/nft";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FlowJournal } from "../../state/flow-journal.ts";
import { clusterOf } from "../objects.testing.ts";
import { DenialExplainer } from "./denial-explainer.ts";
import { DepartedPods } from "./departed-pods.ts";
import { FlowNamer } from "./flow-namer.ts";
import { FlowWatch } from "./flow-watch.ts";

// Agents that follow one another, and a kernel that counts all the time: what they tell together.

const seed = Number(process.env.PORTCULLIS_SEED ?? 20_261_123);
const sources = ["10.0.0.1", "10.0.0.3", "10.0.0.4"] as const;

/** The kernel's sets: a packet refreshes an element, which goes 300 s after its last one. */
class Kernel {
  at = 1_000;
  counted = 0;
  readonly nft = new FakeNft();
  #elements = new Map<string, { packets: number; expiresAt: number }>();

  constructor() {
    this.nft.listElements = async () =>
      new Map([
        ["drops_ingress_v4", { name: "drops_ingress_v4", key: [], size: 16_384, elements: this.#listed() }],
      ]);
  }

  packet(source: string): void {
    const known = this.#elements.get(source);
    const packets = known !== undefined && known.expiresAt > this.at ? known.packets + 1 : 1;
    this.#elements.set(source, { packets, expiresAt: this.at + 300 });
    this.counted += 1;
  }

  #listed(): ReadonlyMap<string, Element> {
    return new Map(
      [...this.#elements]
        .filter(([, { expiresAt }]) => expiresAt > this.at)
        .map(([source, { packets, expiresAt }]) => [
          source,
          {
            key: [source, "10.0.0.2", "tcp", "80"],
            counter: { packets, bytes: 0 },
            expires: Math.floor(expiresAt - this.at),
          },
        ]),
    );
  }
}

/** One agent's life. */
class Life {
  readonly #watch: FlowWatch;
  readonly #journal: FlowJournal;

  constructor(kernel: Kernel, directory: string) {
    const cluster = clusterOf();
    const nowMs = () => kernel.at * 1_000;
    this.#journal = new FlowJournal({
      directory,
      name: "told.jsonl",
      nodeName: "node-1",
      bootId: "a-life",
      onWritten: () => {},
      onFailure: (error) => expect.unreachable(error.message),
      now: nowMs,
      nowMs,
    });
    const connections = { list: async () => [], cut: async () => {} };
    this.#watch = new FlowWatch({
      verdict: "denied",
      nodeName: "node-1",
      reader: new Dataplane({ nft: kernel.nft, connections, podCidrs: [] }).dropReader(nowMs),
      namer: new FlowNamer(cluster, new DepartedPods()),
      explainer: new DenialExplainer(cluster),
      now: nowMs,
      mostExplained: 2,
      journal: this.#journal,
      onRefused: ({ message }) => expect.unreachable(message),
    });
  }

  /** Tells, and gives how many packets. */
  async look(): Promise<number> {
    const { records, rest } = await this.#watch.look();
    return [...records, ...rest].reduce((sum, { count }) => sum + count, 0);
  }

  /** Writes down what was told. */
  written = () => this.#watch.told();
  end = () => this.#journal.close();
}

const during = fc.record({
  wait: fc.integer({ min: 0, max: 40 }),
  packet: fc.option(fc.constantFrom(...sources)),
});
/** While no agent runs: at most a packet of each, for what comes back with more is not to be told from what went on. */
const away = fc.record({
  wait: fc.integer({ min: 0, max: 60 }),
  packets: fc.subarray([...sources]),
  more: fc.integer({ min: 0, max: 200 }),
});
const lives = (ends: fc.Arbitrary<"ended" | "killed">) =>
  fc.array(fc.record({ steps: fc.array(during, { maxLength: 12 }), end: ends, away }), { maxLength: 6 });

async function live(
  plan: readonly {
    steps: readonly { wait: number; packet: string | null }[];
    end: "ended" | "killed";
    away: { wait: number; packets: readonly string[]; more: number };
  }[],
) {
  const directory = await mkdtemp(path.join(tmpdir(), "portcullis-handover-"));
  const kernel = new Kernel();
  let told = 0;
  /** Told by lives that were killed before they had written it down. */
  let unwritten = 0;
  for (const { steps, end, away } of [
    ...plan,
    { steps: [], end: "ended", away: { wait: 0, packets: [], more: 0 } } as const,
  ]) {
    const agent = new Life(kernel, directory);
    told += await agent.look();
    await agent.written();
    for (const { wait, packet } of steps) {
      if (packet !== null) kernel.packet(packet);
      kernel.at += wait;
      told += await agent.look();
      await agent.written();
    }
    if (end === "ended") await agent.end();
    else {
      for (const source of sources.slice(0, steps.length)) kernel.packet(source);
      const last = await agent.look();
      told += last;
      unwritten += last;
    }
    kernel.at += away.wait;
    for (const source of away.packets) kernel.packet(source);
    kernel.at += away.more;
  }
  await rm(directory, { recursive: true });
  return { told, counted: kernel.counted, unwritten };
}

test(`agents that end tell every packet once, whoever it is told by (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(lives(fc.constant("ended")), async (plan) => {
      const { told, counted } = await live(plan);
      expect(told).toBe(counted);
    }),
    { seed, numRuns: 40 },
  );
});

test(`of one that is killed, what it had told and not written down is told again, and no more (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(lives(fc.constantFrom("ended", "killed")), async (plan) => {
      const { told, counted, unwritten } = await live(plan);
      expect(told).toBeGreaterThanOrEqual(counted);
      expect(told).toBeLessThanOrEqual(counted + unwritten);
    }),
    { seed, numRuns: 40 },
  );
});
