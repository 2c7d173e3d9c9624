import { ApiPeer } from "./lib/api-peer.ts";
import { type Benchmark, type BenchmarkOptions, progress } from "./lib/benchmark.ts";
import { type Measurement, type Report, ratioToMedian } from "./lib/report.ts";
import { median } from "./lib/statistics.ts";

/**
 * The API server over HTTP, in a process of its own, against a server that does no more than keep JSON and give it back:
 * pods created with and without watchers, lists, tables, and memory per pod.
 */
export const api: Benchmark = { run };

const atOnce = 8;
const creations = 500;
const watchers = 20;
const lists = 15;
const path = "/api/v1/namespaces/default/pods";
const tableType = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

async function run({ pods = [300, 3_000, 30_000] }: BenchmarkOptions): Promise<Report> {
  const measurements: Measurement[] = [];
  const rates: string[] = [];
  for (const size of pods) {
    const [bare, quiet, watched] = [
      await ApiPeer.start("bare"),
      await ApiPeer.start("api"),
      await ApiPeer.start("api"),
    ];
    try {
      const empty = { bare: await bare.memory(), api: await quiet.memory() };
      for (const peer of [bare, quiet, watched]) await fill(peer, size);
      const full = { bare: await bare.memory(), api: await quiet.memory() };
      await watched.watch(`${path}?watch=true&resourceVersion=0&timeoutSeconds=600`, watchers);
      const creating = await createPods({ bare, quiet, watched }, size);
      const creation = { name: "POST to a bare server", value: median(creating.bare), unit: "ms" } as const;
      rates.push(`${size}: ${Math.round(1000 / median(creating.watched))}`);
      measurements.push(
        {
          subject: "pod created",
          pods: size,
          baseline: creation,
          ratio: ratioToMedian(creating.quiet, creating.bare),
        },
        {
          subject: `pod created, ${watchers} watchers told`,
          pods: size,
          baseline: creation,
          ratio: ratioToMedian(creating.watched, creating.bare),
        },
      );
      const listing = await listPods({ bare, quiet }, size);
      const list = {
        name: "GET of all from a bare server",
        value: median(listing.bare),
        unit: "ms",
      } as const;
      measurements.push(
        { subject: "list", pods: size, baseline: list, ratio: ratioToMedian(listing.list, listing.bare) },
        {
          subject: "list as a table",
          pods: size,
          baseline: list,
          ratio: ratioToMedian(listing.table, listing.bare),
        },
      );
      const perPod = (full.bare - empty.bare) / size;
      const memory = { name: "parsed JSON of one pod", value: perPod, unit: "KiB" } as const;
      measurements.push({
        subject: "resident memory per pod",
        pods: size,
        baseline: memory,
        ratio: ratioToMedian([(full.api - empty.api) / size], [perPod]),
      });
    } finally {
      for (const peer of [bare, quiet, watched]) await peer.stop();
    }
  }
  const notes = [
    `pods created a second with ${watchers} watchers, by pods that are there: ${rates.join(", ")}`,
    `created: ${atOnce} requests at once; the time is the wall's, per pod, until every watcher has every event`,
  ];
  return { benchmark: "api", measurements, notes };
}

async function fill(peer: ApiPeer, count: number): Promise<void> {
  await inParallel(count, (i) => peer.request("POST", path, podText(`pod-${i}`)));
}

/** Milliseconds per pod, one value a round; the servers take turns. */
async function createPods(peers: Readonly<Record<"bare" | "quiet" | "watched", ApiPeer>>, size: number) {
  const rounds = { bare: [] as number[], quiet: [] as number[], watched: [] as number[] };
  const names = ["bare", "quiet", "watched"] as const;
  await settled(peers.watched, size * watchers);
  for (let round = -1; round < 5; round++) {
    progress(`api: ${size} pods, creating, ${round + 2} of 6`);
    for (const name of names) {
      const peer = peers[name];
      const expected = peer.events + (name === "watched" ? creations * watchers : 0);
      const start = performance.now();
      await inParallel(creations, (i) => peer.request("POST", path, podText(`new-${round + 1}-${i}`)));
      await settled(peer, expected);
      if (round >= 0) rounds[name].push((performance.now() - start) / creations);
    }
  }
  return rounds;
}

async function listPods({ bare, quiet }: { readonly bare: ApiPeer; readonly quiet: ApiPeer }, size: number) {
  progress(`api: ${size} pods, lists`);
  const rounds = { bare: [] as number[], list: [] as number[], table: [] as number[] };
  for (let round = -1; round < lists; round++) {
    const times = {
      bare: await time(() => bare.request("GET", path)),
      list: await time(() => quiet.request("GET", path)),
      table: await time(() => quiet.request("GET", path, undefined, tableType)),
    };
    if (round < 0) continue;
    for (const name of ["bare", "list", "table"] as const) rounds[name].push(times[name]);
  }
  return rounds;
}

async function time(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

async function settled(peer: ApiPeer, events: number): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (peer.events < events) {
    if (performance.now() > deadline) throw new Error(`${peer.events} of ${events} events arrived`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function inParallel(count: number, action: (i: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await action(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function podText(name: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: "bench", run: name } },
    spec: { containers: [{ name: "main", image: "nginx", ports: [{ containerPort: 80 }] }] },
  });
}
