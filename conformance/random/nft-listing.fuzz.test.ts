import { Cluster } from "@portcullis/engine";
import { type RandomCluster, randomCluster } from "@portcullis/engine/testing";
import { formatTable, NftParseError, parseTable } from "@portcullis/nft";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FakeKernel } from "../fake-kernel.ts";
import { edited, edits } from "./mutated-text.ts";

const seed = Number(process.env.PORTCULLIS_SEED ?? 20_261_123);
const numRuns = Number(process.env.PORTCULLIS_RUNS ?? 400) * 10;

const fragments = [
  ...'{}\n;\t,.:/-*@"#\\&|=!',
  "table inet t {\n",
  "chain c {\n",
  "set s {\n",
  "map m {\n",
  "elements = { ",
  "type ipv4_addr : verdict",
  "type filter hook forward priority filter - 5; policy drop;",
  "ip saddr ",
  "vmap @",
  "counter packets 18446744073709551616 bytes -1",
  "timeout 9999999999d",
  "goto ",
  'comment "',
  "reject with icmpx ",
  "th dport 80-",
  "::ffff:1.2.3.4",
  "__proto__",
];

test(`a mutilated listing is read or refused with its place, at once (seed ${seed})`, async () => {
  const listings = await Promise.all(fc.sample(randomCluster, { seed, numRuns: 20 }).map(listing));
  for (const text of listings) expect(formatTable(parseTable(text))).toBe(text);
  let [read, refused] = [0, 0];
  fc.assert(
    fc.property(fc.constantFrom(...listings), edits(fragments), (text, some) => {
      const mutated = edited(text, some);
      const started = performance.now();
      try {
        const again = formatTable(parseTable(mutated));
        read += 1;
        expect(formatTable(parseTable(again))).toBe(again);
      } catch (error) {
        if (!(error instanceof NftParseError)) throw error;
        refused += 1;
        expect(error.line).toBeGreaterThanOrEqual(1);
        expect(error.line).toBeLessThanOrEqual(mutated.split("\n").length);
      }
      // A listing is read in a millisecond or so; what takes seconds takes them for a reason.
      expect(performance.now() - started).toBeLessThan(5_000);
    }),
    { seed, numRuns },
  );
  console.log(`listings: ${read} read, ${refused} refused (PORTCULLIS_SEED=${seed})`);
  // Both must happen, or nothing is learnt.
  expect(read).toBeGreaterThan(numRuns / 400);
  expect(refused).toBeGreaterThan(numRuns / 10);
}, 3_600_000);

async function listing({ objects }: RandomCluster): Promise<string> {
  const cluster = new Cluster();
  for (const object of objects) cluster.upsert(object);
  const kernel = new FakeKernel();
  await kernel.enforce(cluster);
  return formatTable((await kernel.nft.list({ family: "inet", name: "portcullis" }))!);
}
