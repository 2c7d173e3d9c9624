import { Dataplane } from "@portcullis/dataplane";
import { FakeNft, type TableListener } from "@portcullis/nft";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DriftHistory } from "./agent-drift.ts";
import { DriftWatch } from "./agent-drift-watch.ts";
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

let nft: ToldNft;
let conditions: Conditions;
let dataplane: Dataplane;
let watch: DriftWatch;
let mended: number[];
let mendMs: number;

beforeEach(() => {
  vi.useFakeTimers();
  nft = new ToldNft();
  mended = [];
  mendMs = 0;
  const emit = () => {};
  conditions = new Conditions(emit);
  dataplane = new Dataplane({
    nft,
    connections: { list: async () => [], cut: async () => {} },
    podCidrs: [],
  });
  watch = new DriftWatch({
    dataplane,
    history: new DriftHistory(emit, conditions, Date.now),
    failures: new KernelFailures(emit, conditions, Date.now),
    conditions,
    checkMs: 0,
    mend: async () => {
      mended.push(Date.now());
      await new Promise((resolve) => setTimeout(resolve, mendMs));
    },
  });
});

afterEach(async () => {
  const stopped = watch.stop();
  await vi.runOnlyPendingTimersAsync();
  await stopped;
  vi.useRealTimers();
});

test("one write is mended at once", async () => {
  watch.listen();
  const beganMs = Date.now();
  nft.listener?.onForeignWrite();
  await vi.advanceTimersByTimeAsync(0);
  expect(mended).toEqual([beganMs]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(mended).toHaveLength(1);
});

test("a kernel that is not heard is a condition until it is", () => {
  watch.listen();
  nft.listener?.onDeaf("nft ended");
  expect(conditions.active()).toMatchObject([{ type: "TableUnwatched", message: "nft ended" }]);
  expect(conditions.ready).toBe(true);
  nft.listener?.onHearing();
  expect(conditions.active()).toEqual([]);
});

test("after its end nothing is mended any more, nor listened to", async () => {
  watch.listen();
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
  watch.listen();
  expect(vi.getTimerCount()).toBe(0);
});
