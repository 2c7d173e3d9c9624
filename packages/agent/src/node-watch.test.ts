import type { NodeFinding } from "@portcullis/dataplane";
import { FakeNft } from "@portcullis/nft";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Conditions } from "./conditions.ts";
import { watchNode } from "./node-watch.ts";

let findings: readonly NodeFinding[] | Error;
let looks: number;
let asked: (readonly string[])[];
const finding = (type: NodeFinding["type"], message = "as found"): NodeFinding => ({
  type,
  reason: "Found",
  message,
});

beforeEach(() => {
  vi.useFakeTimers();
  [findings, looks, asked] = [[], 0, []];
});

afterEach(() => vi.useRealTimers());

function watch(podCidrs: Promise<readonly string[]> = new Promise(() => {})) {
  let events = 0;
  const conditions = new Conditions(() => {
    events += 1;
  });
  const abort = new AbortController();
  const ended = watchNode({
    nft: new FakeNft(),
    conditions,
    podCidrs,
    signal: abort.signal,
    check: async (options) => {
      looks += 1;
      asked.push(options.podCidrs.map(({ text }) => text));
      if (findings instanceof Error) throw findings;
      return findings;
    },
  });
  const end = async () => {
    abort.abort();
    await vi.runAllTimersAsync();
    await ended;
  };
  const active = () => conditions.active().map(({ type, message }) => `${type}: ${message}`);
  return { conditions, active, end, events: () => events };
}

test("what is found becomes a condition, and is taken back when it is mended", async () => {
  const { active, end } = watch();
  await vi.advanceTimersByTimeAsync(0);
  expect([looks, active()]).toEqual([1, []]);
  findings = [finding("BridgeNotFiltered"), finding("ConntrackFull")];
  await vi.advanceTimersByTimeAsync(60_000);
  expect(active()).toEqual(["BridgeNotFiltered: as found", "ConntrackFull: as found"]);
  findings = [finding("ConntrackFull", "nearly")];
  await vi.advanceTimersByTimeAsync(5_000);
  expect(active()).toEqual(["ConntrackFull: nearly"]);
  findings = [];
  await vi.advanceTimersByTimeAsync(5_000);
  expect(active()).toEqual([]);
  await end();
});

test("two of a kind are one condition, which is told once", async () => {
  const { active, end, events } = watch();
  findings = [finding("ForwardingOff", "no IPv4"), finding("ForwardingOff", "no IPv6")];
  await vi.advanceTimersByTimeAsync(80_000);
  expect(looks).toBeGreaterThan(3);
  expect(active()).toEqual(["ForwardingOff: no IPv4; no IPv6"]);
  expect(events()).toBe(1);
  await end();
});

test("what the agent told itself stays its own", async () => {
  const { conditions, active, end } = watch();
  conditions.set("NftMissing", "NotFound", "the agent's words");
  findings = [finding("NftMissing")];
  await vi.advanceTimersByTimeAsync(60_000);
  findings = [];
  await vi.advanceTimersByTimeAsync(60_000);
  expect(active()).toEqual(["NftMissing: the agent's words"]);
  await end();
});

test("a look that fails says nothing, and is repeated soon", async () => {
  const { active, end } = watch();
  findings = [finding("ForwardingOff")];
  await vi.advanceTimersByTimeAsync(60_000);
  findings = new Error("cannot look");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(active()).toEqual(["ForwardingOff: as found"]);
  const before = looks;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(looks).toBe(before + 1);
  await end();
});

test("prefixes are looked at as soon as they are known; the end ends it", async () => {
  let know: (prefixes: readonly string[]) => void = () => {};
  const { end } = watch(
    new Promise((resolve) => {
      know = resolve;
    }),
  );
  await vi.advanceTimersByTimeAsync(1_000);
  know(["10.244.1.0/24", "nonsense"]);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([[], ["10.244.1.0/24"]]);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(looks).toBe(2);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked[2]).toEqual(["10.244.1.0/24"]);
  await end();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(looks).toBe(3);
});

test("prefixes that never come to be known keep nobody from looking", async () => {
  const { end } = watch(Promise.reject(new Error("stopped")));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(looks).toBe(2);
  await end();
});
