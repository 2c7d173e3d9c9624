import fc from "fast-check";
import { expect, test } from "vitest";
import type { FlowCount } from "./flow-counts.ts";
import { FlowDeltas } from "./flow-deltas.ts";

const seed = Number(process.env.PORTCULLIS_SEED ?? 20_261_123);

const count = (packets: number, expires = 300, source = "10.0.0.1"): FlowCount => ({
  tally: "drops_ingress",
  source,
  destination: "10.0.0.2",
  protocol: "TCP",
  port: 80,
  packets,
  expires,
});

function clock() {
  let now = 0;
  const deltas = new FlowDeltas(() => now);
  return {
    deltas,
    /** What is new of counts that it took so long to list, in seconds. */
    since: (counts: readonly FlowCount[], took = 0) => deltas.since(counts, now - took * 1000),
    wait: (seconds: number) => (now += seconds * 1000),
  };
}

test("what is new is told once, and what the kernel still knew at the first reading with it", () => {
  const { since, wait } = clock();
  expect(since([count(3)])).toEqual([count(3)]);
  wait(5);
  expect(since([count(3, 295)])).toEqual([]);
  wait(5);
  expect(since([count(7), count(1, 300, "10.0.0.9")])).toEqual([count(4), count(1, 300, "10.0.0.9")]);
  expect(since([])).toEqual([]);
});

test("a flow that was forgotten and came back begins again, with less, as much or after it was missed", () => {
  const { since, wait } = clock();
  since([count(3, 1)]);
  wait(5);
  expect(since([count(2, 298)])).toEqual([count(2, 298)]);
  wait(296);
  expect(since([count(2, 2)])).toEqual([]);
  wait(5);
  // As many as before, and the time that is left has grown: another one.
  expect(since([count(2, 299)])).toEqual([count(2, 299)]);
  wait(300);
  since([]);
  wait(5);
  expect(since([count(9)])).toEqual([count(9)]);
});

test("more than before, met later than so many more can have kept it known, is one that began again", () => {
  const { since, wait } = clock();
  since([count(1, 300)]);
  wait(315);
  expect(since([count(2, 290)])).toEqual([count(2, 290)]);
  wait(500);
  // Each of two may have come shortly before it would have been forgotten.
  expect(since([count(4, 300)])).toEqual([count(2, 300)]);
});

test("a listing that takes long makes no flow new, and hides none that is", () => {
  const { since, wait } = clock();
  since([count(3, 300), count(3, 300, "10.0.0.9")]);
  wait(60);
  // Listed fifty seconds ago, when one had just been met three times after somebody had taken it away.
  expect(since([count(3, 290), count(3, 300, "10.0.0.9")], 50)).toEqual([count(3, 300, "10.0.0.9")]);
});

test("another goes on from what one has told, and knows what it changed", () => {
  const { deltas, since, wait } = clock();
  since([count(3), count(1, 2, "10.0.0.9"), count(1, 300, "10.0.0.8")]);
  const next = clock();
  next.deltas.resume(deltas.reading.told);
  wait(5);
  next.wait(5);
  const counts = [count(5), count(1, 295, "10.0.0.8")];
  expect(next.since(counts)).toEqual([count(2)]);
  const { atMs, told, news, gone } = next.deltas.reading;
  expect(atMs).toBe(5_000);
  expect([...told.keys()]).toEqual([
    "drops_ingress 10.0.0.1 10.0.0.2 TCP 80",
    "drops_ingress 10.0.0.8 10.0.0.2 TCP 80",
  ]);
  expect([...news]).toEqual([
    ["drops_ingress 10.0.0.1 10.0.0.2 TCP 80", { packets: 5, expiresAtMs: 305_000 }],
  ]);
  expect(gone).toEqual(["drops_ingress 10.0.0.9 10.0.0.2 TCP 80"]);
  expect(since(counts)).toEqual([count(2)]);
});

test("the same flow denied in two directions is two flows", () => {
  const { since } = clock();
  const other: FlowCount = { ...count(5), tally: "drops_egress" };
  since([count(1), other]);
  expect(since([count(2), { ...other, packets: 6 }])).toEqual([count(1), { ...other, packets: 1 }]);
});

/** The kernel's set: a packet refreshes an element, which goes 300 s after its last one. */
class Kernel {
  #elements = new Map<string, { packets: number; expiresAt: number }>();

  packet(source: string, at: number): void {
    const known = this.#elements.get(source);
    const packets = known !== undefined && known.expiresAt > at ? known.packets + 1 : 1;
    this.#elements.set(source, { packets, expiresAt: at + 300 });
  }

  list(at: number): FlowCount[] {
    return [...this.#elements]
      .filter(([, { expiresAt }]) => expiresAt > at)
      .map(([source, { packets, expiresAt }]) => count(packets, Math.floor(expiresAt - at), source));
  }
}

test(`every packet is told once, whenever it comes between two readings (seed ${seed})`, () => {
  const step = fc.record({
    wait: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 285, max: 310 })),
    source: fc.constantFrom("10.0.0.1", "10.0.0.3"),
    packet: fc.boolean(),
    read: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const kernel = new Kernel();
      const { since, wait } = clock();
      let [at, sent, told] = [0, 0, 0];
      let unread = false;
      const read = () => {
        unread = false;
        for (const { packets } of since(kernel.list(at))) told += packets;
      };
      for (const each of steps) {
        // Read every five seconds, as what waits for news does; a packet comes somewhere in between.
        for (let left = each.wait; left > 0; left -= 5) {
          const seconds = Math.min(5, left);
          at += seconds;
          wait(seconds);
          if (left > 5) read();
        }
        if (each.packet) {
          // Two at once of one that was just forgotten are what cannot be told from one more of one that was not.
          if (unread) read();
          unread = true;
          kernel.packet(each.source, at);
          sent += 1;
        }
        if (each.read) read();
      }
      read();
      expect(told).toBe(sent);
    }),
    { seed, numRuns: 500 },
  );
});
