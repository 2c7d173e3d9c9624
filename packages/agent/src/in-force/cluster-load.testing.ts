import { PublishPacing } from "./publish-pacing.ts";

/** What happens in a cluster, as far as it makes agents write. */
export interface Workload {
  readonly nodes: number;
  /** Changes a second that have to be told, and on how many nodes each; which nodes is random. */
  readonly changesPerSecond: number;
  readonly nodesPerChange: number;
  /** Simulated time; the first `settleSeconds` are not counted. */
  readonly seconds: number;
  readonly settleSeconds: number;
}

export interface Load {
  readonly writesPerSecond: number;
  /** In the busiest second. */
  readonly peak: number;
  /** From a change to its being told, in seconds: half of the changes, and 99 of 100, take no longer. */
  readonly median: number;
  readonly p99: number;
}

/** All agents of a cluster with their real pacing, in time steps of ten milliseconds. Seeded; no clock. */
export function simulateLoad(workload: Workload, seed = 1): Load {
  const { nodes, changesPerSecond, nodesPerChange, seconds, settleSeconds } = workload;
  const random = mulberry32(seed);
  const agents = Array.from({ length: nodes }, () => {
    // They did not begin together: what is simulated is the long run.
    const pacing = new PublishPacing({ nodes: () => nodes, random }, 0);
    pacing.written(-random() * pacing.dueMs - random() * 60_000);
    return { pacing, changedMs: Number.NaN };
  });
  const perSecond = new Array<number>(seconds).fill(0);
  const waits: number[] = [];
  let owed = 0;
  for (let now = 0; now < seconds * 1000; now += stepMs) {
    for (owed += (changesPerSecond * stepMs) / 1000; owed >= 1; owed--) {
      for (const index of sample(nodes, nodesPerChange, random)) {
        const agent = agents[index]!;
        agent.pacing.changed(now);
        if (Number.isNaN(agent.changedMs)) agent.changedMs = now;
      }
    }
    for (const agent of agents) {
      if (agent.pacing.dueMs > now) continue;
      perSecond[Math.floor(now / 1000)]!++;
      if (!Number.isNaN(agent.changedMs)) waits.push((now - agent.changedMs) / 1000);
      agent.changedMs = Number.NaN;
      agent.pacing.written(now);
    }
  }
  const counted = perSecond.slice(settleSeconds);
  const sorted = waits.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return {
    writesPerSecond: Math.round(counted.reduce((sum, writes) => sum + writes, 0) / counted.length),
    peak: Math.max(...counted),
    median: at(0.5),
    p99: at(0.99),
  };
}

const stepMs = 10;

function sample(size: number, count: number, random: () => number): readonly number[] {
  if (count >= size) return Array.from({ length: size }, (_, index) => index);
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(Math.floor(random() * size));
  return [...chosen];
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
