import { parseCidr } from "@portcullis/engine";
import { FakeNft } from "@portcullis/nft";
import { newPacket } from "@portcullis/nft/testing";
import { beforeEach, expect, test } from "vitest";
import { Dataplane } from "./dataplane.ts";
import { table } from "./names.ts";
import { olderTable } from "./older-table.testing.ts";
import { apiFromWeb, clusterOf, jobToApi, localProgram } from "./test-cluster.testing.ts";

const program = localProgram(clusterOf(apiFromWeb, jobToApi));
let nft: FakeNft;
let dataplane: Dataplane;

beforeEach(() => {
  nft = new FakeNft();
  nft.load(olderTable);
  dataplane = make();
});

const make = () =>
  new Dataplane({
    nft,
    connections: { list: async () => [], cut: async () => {} },
    podCidrs: ["10.244.1.0/24", "fd00:10:244:1::/64"].map((text) => parseCidr(text)!),
  });

const passes = (saddr: string, daddr: string, dport: number) =>
  nft.evaluate(newPacket(saddr, daddr, { dport })).verdict === "accept";

/** Whether what both versions agree on holds. */
const right = () =>
  ["10.244.1.", "fd00:10:244:1::"].every(
    (net) =>
      passes(`${net}1`, `${net}2`, 80) &&
      !passes(`${net}1`, `${net}2`, 81) &&
      !passes(`${net}3`, `${net}1`, 80) &&
      !passes(`${net}9`, `${net}1`, 80),
  );

/** As an older version may have named what its chains use. */
const otherNames = olderTable.replaceAll("egress_v4", "former_v4").replaceAll("self_v4", "former_self_v4");

test.each([
  ["with names of ours", olderTable],
  ["with names of its own", otherNames],
])(
  "an older table %s becomes ours in steps that are each right, and nothing is left of it",
  async (_, older) => {
    nft.load(older);
    expect(right()).toBe(true);
    const run = nft.run.bind(nft);
    const steps: boolean[] = [];
    nft.run = async (transaction) => {
      await run(transaction);
      steps.push(right());
    };
    expect((await dataplane.apply(program)).replaced).toBeUndefined();
    expect(steps.length).toBeGreaterThan(3);
    expect(steps).not.toContain(false);
    const fresh = new FakeNft();
    nft.run = run;
    const taken = await nft.list(table);
    nft = fresh;
    await make().apply(program);
    const names = (of: typeof taken) => [...of!.chains.keys(), ...of!.sets.keys(), ...of!.maps.keys()].sort();
    expect(names(taken)).toEqual(names(await fresh.list(table)));
    expect(await dataplane.drift()).toEqual([]);
  },
);

test("when it is stopped on its way, the next one goes on from there", async () => {
  const run = nft.run.bind(nft);
  for (let stopAfter = 1; stopAfter < 8; stopAfter += 1) {
    nft.load(olderTable);
    let left = stopAfter;
    nft.run = async (transaction) => {
      if (left === 0) throw new Error("stopped");
      left -= 1;
      await run(transaction);
    };
    await make()
      .apply(program)
      .catch(() => {});
    nft.run = run;
    expect(right()).toBe(true);
    const successor = make();
    await successor.apply(program);
    expect(await successor.drift()).toEqual([]);
  }
});
