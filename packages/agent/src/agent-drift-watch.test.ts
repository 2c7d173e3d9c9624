import { Dataplane, table } from "@portcullis/dataplane";
import { addressFromValue, type Program } from "@portcullis/engine";
import { FakeNft, type TableListener } from "@portcullis/nft";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DriftHistory } from "./agent-drift.ts";
import { DriftWatch, type DriftWatchOptions } from "./agent-drift-watch.ts";
import { KernelFailures } from "./agent-failure.ts";
import { Conditions } from "./conditions.ts";

/** Tells what the test tells it. */
class ToldNft extends FakeNft {
  listener: TableListener | undefined;
  closed = false;

  override watch(_: unknown, listener: TableListener) {
    this.listener = listener;
    return {
      close: async () => {
        this.closed = true;
      },
    };
  }
}

const program: Program = {
  pods: [{ key: "shop/web", addresses: [addressFromValue(4, 0x0af4_0001n)] }],
  chains: [],
  addressSets: [],
  endpointSets: [],
};

const emit = () => {};
let nft: ToldNft;
let conditions: Conditions;
let dataplane: Dataplane;
let watch: DriftWatch;
let mended: number[];

beforeEach(async () => {
  vi.useFakeTimers();
  nft = new ToldNft();
  mended = [];
  conditions = new Conditions(emit);
  dataplane = new Dataplane({
    nft,
    connections: { list: async () => [], cut: async () => {} },
    podCidrs: [],
  });
  await dataplane.apply(program);
  watch = new DriftWatch(options());
});

const options = (): DriftWatchOptions => ({
  dataplane,
  history: new DriftHistory(emit, conditions, Date.now),
  failures: new KernelFailures(emit, conditions, Date.now),
  conditions,
  checkMs: 0,
  mend: async () => {
    mended.push(Date.now());
    await dataplane.apply(program);
  },
});

afterEach(async () => {
  const stopped = watch.stop();
  await vi.runOnlyPendingTimersAsync();
  await stopped;
  vi.useRealTimers();
});

test("what somebody took away is mended at once, and once", async () => {
  watch.listen(0);
  await nft.run({ table, operations: [{ op: "delete table" }] });
  const beganMs = Date.now();
  nft.listener?.onForeignWrite();
  await vi.advanceTimersByTimeAsync(0);
  expect(mended).toEqual([beganMs]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(mended).toHaveLength(1);
});

test("where nothing differs nothing is mended", async () => {
  watch.listen(0);
  nft.listener?.onForeignWrite();
  nft.listener?.onDoubt();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(mended).toEqual([]);
});

test("in doubt chains are looked at, and what sets hold when something was written", async () => {
  watch.listen(0);
  await nft.run({ table, operations: [{ op: "flush map", name: "ingress_v4" }] });
  nft.listener?.onDoubt();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(mended).toEqual([]);
  nft.listener?.onForeignWrite();
  await vi.advanceTimersByTimeAsync(0);
  expect(mended).toHaveLength(1);
  await nft.run({ table, operations: [{ op: "flush chain", name: "pods_forward" }] });
  nft.listener?.onDoubt();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(mended).toHaveLength(2);
});

test("a kernel that is not heard is a condition until it is", () => {
  watch.listen(0);
  nft.listener?.onDeaf("nft ended");
  expect(conditions.active()).toMatchObject([{ type: "TableUnwatched", message: "nft ended" }]);
  expect(conditions.ready).toBe(true);
  nft.listener?.onHearing();
  expect(conditions.active()).toEqual([]);
});

test("a table that would fill the monitor's memory is not listened to, and that is said", () => {
  watch.listen(150_001);
  expect(nft.listener).toBeUndefined();
  expect(conditions.active()).toMatchObject([{ type: "TableUnwatched", reason: "TooLarge" }]);
  expect(conditions.ready).toBe(true);
});

test.each([
  ["too large a table", () => watch.listen(150_001)],
  [
    "a monitor that ended",
    () => {
      watch.listen(0);
      nft.listener?.onDeaf("nft ended");
    },
  ],
])(
  "with %s, what opens everything is found within two seconds, for as long as that lasts",
  async (_, begin) => {
    begin();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(mended).toEqual([]);
    await nft.run({ table, operations: [{ op: "delete table" }] });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(mended).toHaveLength(1);
    if (nft.listener === undefined) return;
    nft.listener.onHearing();
    // What was asked for before is done.
    await vi.advanceTimersByTimeAsync(100);
    await nft.run({ table, operations: [{ op: "delete table" }] });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(mended).toHaveLength(1);
  },
);

test("a part that takes long to compare is followed by a longer pause", async () => {
  watch = new DriftWatch({ ...options(), checkMs: 4_000 });
  const compared: number[] = [];
  let takesMs = 50;
  vi.spyOn(dataplane, "driftSlice").mockImplementation(async () => {
    compared.push(Date.now());
    await new Promise((resolve) => setTimeout(resolve, takesMs));
    return [];
  });
  const pauses = () => compared.slice(1).map((atMs, i) => atMs - compared[i]! - takesMs);
  watch.compare();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(pauses()).toEqual([1_000, 1_000, 1_000]);
  takesMs = 150;
  compared.length = 0;
  await vi.advanceTimersByTimeAsync(12_000);
  expect(pauses()).toEqual([5_000, 5_000]);
});

test("after its end nothing is mended any more, nor listened to", async () => {
  watch.listen(0);
  await nft.run({ table, operations: [{ op: "delete table" }] });
  nft.listener?.onForeignWrite();
  await vi.advanceTimersByTimeAsync(0);
  nft.listener?.onForeignWrite();
  const stopped = watch.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  await stopped;
  expect(nft.closed).toBe(true);
  expect(mended).toHaveLength(1);
  nft.listener = undefined;
  watch.compare();
  watch.listen(0);
  expect(vi.getTimerCount()).toBe(0);
});
