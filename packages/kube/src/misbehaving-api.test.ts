import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { clusterIdentity } from "./cluster-identity.ts";
import { HttpKubeClient } from "./http-kube-client.ts";
import { type Fault, MisbehavingApi, type Streams } from "./misbehaving-api.testing.ts";
import { reflect } from "./reflect.ts";
import type { Reflection } from "./reflection.ts";
import { resources } from "./resources.ts";

const seed = Number(process.env.SEED ?? 6);
const numRuns = Number(process.env.RUNS ?? 12);

const fault = fc.constantFrom<Fault>(
  "slow",
  "500",
  "429",
  "410",
  "no answer",
  "hang-up",
  "html",
  "empty",
  "cut",
  "half-open",
);
const write = fc.record({ isPut: fc.boolean(), name: fc.constantFrom("p0", "p1", "p2", "p3", "p4", "p5") });
const breaking = fc.constantFrom("hang-up", "end", "half-open");

interface Act {
  readonly says: string;
  readonly run: (api: MisbehavingApi) => unknown;
}

/** Writes that open watches are told of at once, maybe in the wrong order, maybe twice. */
const burst = fc
  .record({
    writes: fc.array(write, { minLength: 1, maxLength: 4 }),
    swapped: fc.boolean(),
    repeated: fc.boolean(),
  })
  .map(({ writes, swapped, repeated }): Act => {
    const words = writes.map(({ isPut, name }) => `${isPut ? "+" : "-"}${name}`).join(" ");
    return {
      says: `${words}${swapped ? " swapped" : ""}${repeated ? " repeated" : ""}`,
      run(api) {
        for (const { isPut, name } of writes) isPut ? api.put(name) : api.delete(name);
        api.flush(swapped);
        if (repeated) api.repeat();
      },
    };
  });
const act = fc.oneof(
  { weight: 10, arbitrary: burst },
  {
    weight: 3,
    arbitrary: fault.map((each): Act => ({ says: `next ${each}`, run: (api) => api.faults.push(each) })),
  },
  {
    weight: 2,
    arbitrary: breaking.map((how): Act => ({ says: `break: ${how}`, run: (api) => api.breakWatches(how) })),
  },
  {
    weight: 1,
    arbitrary: breaking.map((how): Act => ({ says: `anew: ${how}`, run: (api) => api.beginAnew(how) })),
  },
  { weight: 1, arbitrary: fc.constant<Act>({ says: "compact", run: (api) => api.compact() }) },
  {
    weight: 6,
    arbitrary: fc
      .integer({ min: 1, max: 12 })
      .map((ms): Act => ({ says: `wait ${ms}`, run: () => sleep(ms) })),
  },
);

// Slow, 410, 429, 500, half-open, cut anywhere, repeated, out of order, another cluster: whatever happens, in the end the
// copy is what the server has, and nothing was told twice.
test(`a copy ends as what the server has, whatever the server does (seed ${seed})`, async () => {
  const streams = fc.constantFrom<Streams>("served", "refused", "unknown");
  const acts = fc.array(act, { minLength: 5, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(streams, acts, fc.boolean(), async (serves, steps, knowsCluster) => {
      const api = new MisbehavingApi();
      api.streams = serves;
      for (const pod of ["p0", "p1", "p2", "p3", "p4"]) api.put(pod);
      await api.listen();
      const copy = new Copy();
      const reflection = startReflection(api, copy, knowsCluster);
      try {
        for (const step of steps) {
          await step.run(api);
          await setImmediate();
        }
        api.faults.length = 0;
        await untilEqual(api, copy);
        // Once more, so that it is known to follow and not only to have listed.
        api.put("last");
        await untilEqual(api, copy);
        expect(copy.mistakes).toEqual([]);
      } finally {
        await reflection.stop();
        await api.close();
      }
    }),
    { seed, numRuns, endOnFailure: true },
  );
});

test("a break of the connection costs no list, and another cluster does", async () => {
  const api = new MisbehavingApi();
  api.put("p0");
  await api.listen();
  const copy = new Copy();
  const reflection = startReflection(api, copy, true);
  try {
    await untilEqual(api, copy);
    for (const how of ["hang-up", "end"] as const) {
      api.breakWatches(how);
      api.put("p1");
      await untilEqual(api, copy);
    }
    const isFull = (request: string) => /sendInitialEvents|limit=2/.test(request);
    expect(api.requests.filter(isFull)).toHaveLength(1);
    api.beginAnew("end");
    api.put("p2");
    await untilEqual(api, copy);
    expect(api.requests.filter(isFull)).toHaveLength(2);
    expect(copy.mistakes).toEqual([]);
  } finally {
    await reflection.stop();
    await api.close();
  }
});

/** What a reader holds, who notes everything that does not fit. */
class Copy {
  readonly pods = new Map<string, string>();
  readonly mistakes: string[] = [];
  #isSynced = false;

  take(event: Reflection): void {
    if (event.type === "sync") {
      if (this.#isSynced) this.mistakes.push("a second sync");
      this.#isSynced = true;
      for (const object of event.objects) this.#put(object);
    } else if (event.type === "upsert") this.#put(event.object);
    else if (!this.pods.delete(event.object.metadata.name))
      this.mistakes.push(`${event.object.metadata.name} was not there`);
  }

  #put({ kind, metadata }: { readonly kind: string; readonly metadata: Record<string, unknown> }): void {
    const state = `${metadata.uid} ${metadata.resourceVersion}`;
    const name = String(metadata.name);
    if (kind !== "Pod") this.mistakes.push(`${name} has no kind`);
    if (this.pods.get(name) === state) this.mistakes.push(`${name} is told twice: ${state}`);
    this.pods.set(name, state);
  }
}

function startReflection({ socketPath }: MisbehavingApi, copy: Copy, knowsCluster: boolean) {
  const client = new HttpKubeClient({ socketPath }, { timeoutMs: 40, watchGraceMs: -960 });
  const abort = new AbortController();
  const reflecting = reflect(client, resources.pods, (event) => copy.take(event), abort.signal, {
    pageSize: 2,
    watchSeconds: 1,
    streamSilenceMs: 30,
    random: () => 0,
    firstMs: 1,
    longestMs: 4,
    delay: (milliseconds) => sleep(Math.min(milliseconds, 5)),
    ...(knowsCluster ? { identity: (signal: AbortSignal) => clusterIdentity(client, signal) } : {}),
  });
  return {
    async stop() {
      abort.abort();
      await reflecting;
      client.close();
    },
  };
}

async function untilEqual(api: MisbehavingApi, copy: Copy): Promise<void> {
  const sorted = (map: ReadonlyMap<string, string>) => [...map].sort().join("\n");
  const end = performance.now() + 5_000;
  while (sorted(copy.pods) !== sorted(api.state()) && performance.now() < end) {
    api.flush();
    await sleep(2);
  }
  expect(sorted(copy.pods)).toBe(sorted(api.state()));
}
