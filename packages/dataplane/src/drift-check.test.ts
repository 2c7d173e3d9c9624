import { parseCidr } from "@portcullis/engine";
import {
  FakeNft,
  NftParseError,
  type NftSet,
  type Operation,
  type SetRef,
  type TableRef,
} from "@portcullis/nft";
import { beforeEach, expect, test, vi } from "vitest";
import { Dataplane } from "./dataplane.ts";
import { DriftCheck } from "./drift-check.ts";
import { table } from "./names.ts";
import { apiFromWeb, clusterOf, jobToApi, localProgram } from "./test-cluster.testing.ts";

/** Notes what is read of it. */
class ReadNft extends FakeNft {
  reads: string[] = [];
  /** Called while something is being read. */
  meanwhile: () => Promise<void> = async () => {};

  override async listTerse(ref: TableRef) {
    this.reads.push("chains");
    const found = await super.listTerse(ref);
    await this.meanwhile();
    return found;
  }

  override async listElements(ref: TableRef, objects: readonly SetRef[]) {
    this.reads.push(objects.map(({ name }) => name).join(" "));
    const found = await super.listElements(ref, objects);
    await this.meanwhile();
    return found;
  }
}

let nft: ReadNft;
let dataplane: Dataplane;
const cluster = clusterOf(apiFromWeb, jobToApi);

beforeEach(async () => {
  nft = new ReadNft();
  dataplane = new Dataplane({
    nft,
    connections: { list: async () => [], cut: async () => {} },
    podCidrs: [parseCidr("10.244.1.0/24")!],
  });
  await dataplane.apply(localProgram(cluster));
  nft.reads = [];
});

/** What a whole round tells. */
async function round(): Promise<readonly string[]> {
  const told = [...(await dataplane.driftSlice())];
  do told.push(...(await dataplane.driftSlice()));
  while (nft.reads.filter((read) => read === "chains").length < 2);
  return told;
}

test("a round is all chains, then every set and map but those that packets fill, then chains again", async () => {
  expect(await round()).toEqual([]);
  const wanted = (await nft.list(table))!;
  const sets = [...wanted.sets.values()].filter(({ dynamic }) => !dynamic);
  const names = [...sets, ...wanted.maps.values()].map(({ name }) => name);
  expect(nft.reads).toEqual(["chains", names.join(" "), "chains"]);
});

test.each([
  ["flush chain c_pods", { op: "flush chain", name: "c_pods" }, /chain c_pods: rule 1 is nothing/],
  [
    "a hook of somebody's",
    {
      op: "add chain",
      chain: {
        name: "x",
        hook: { type: "filter", hook: "forward", priority: 0, policy: "accept" },
        rules: [],
      },
    },
    /chain x is unexpected/,
  ],
  [
    "a pair of addresses that may talk",
    {
      op: "add elements",
      set: { name: "self_v4", key: ["ipv4_addr", "ipv4_addr"] },
      elements: [{ key: ["10.0.0.1", "10.0.0.2"] }],
    },
    /set self_v4: unexpected element 10\.0\.0\.1 \. 10\.0\.0\.2/,
  ],
  ["a pod left out", { op: "flush map", name: "ingress_v6" }, /map ingress_v6: element fd00.* is missing/],
] as const)("%s is found within a round", async (_, operation, words) => {
  await nft.run({ table, operations: [operation] });
  expect((await round()).join("\n")).toMatch(words);
});

test("a table that is gone, or that cannot be read", async () => {
  nft.listTerse = async () => {
    throw new NftParseError("expected a set", 2, "flags dormant");
  };
  expect(await dataplane.driftSlice()).toEqual(["table inet portcullis holds what is not ours"]);
  const other = new ReadNft();
  nft.listTerse = (ref) => other.listTerse(ref);
  nft.listElements = (ref, objects) => other.listElements(ref, objects);
  expect((await dataplane.driftSlice()).join()).toMatch(/set \S+ is missing/);
});

test("what changes while it is being read is no drift, and what is wrong all the same is told", async () => {
  const changes = ["job", "web", "api"].map(
    (app) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: more}
spec: {podSelector: {matchLabels: {app: ${app}}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}
`,
  );
  let turn = 0;
  nft.meanwhile = async () => {
    const policies = [apiFromWeb, jobToApi, changes[turn % changes.length]!];
    turn += 1;
    await dataplane.apply(localProgram(clusterOf(...policies)));
  };
  for (let i = 0; i < 6; i += 1) {
    const slice = dataplane.driftSlice();
    // It looks again once nothing is written: let that be without a further change.
    const meanwhile = nft.meanwhile;
    nft.meanwhile = async () => {
      nft.meanwhile = async () => {};
      await meanwhile();
    };
    expect(await slice).toEqual([]);
    nft.meanwhile = meanwhile;
  }
  expect(turn).toBe(6);
  nft.meanwhile = async () => {};
  await nft.run({ table, operations: [{ op: "flush chain", name: "c_judge" }] });
  expect((await round()).join("\n")).toMatch(/c_judge/);
});

test("a set that takes long to read is put off while it changes, for a while, and no other part is", async () => {
  const large = new FakeNft();
  const hosts = Array.from({ length: 6_000 }, (_, i) => ({ key: [`10.9.${i >> 8}.${i & 255}`] }));
  const set = (name: string): NftSet => ({ name, key: ["ipv4_addr"], elements: new Map() });
  const operations: Operation[] = [{ op: "add table" }];
  for (const name of ["large_1", "large_2", "small"]) operations.push({ op: "add set", set: set(name) });
  for (const name of ["large_1", "large_2"])
    operations.push({ op: "add elements", set: set(name), elements: hosts });
  await large.run({ table, operations });
  const desired = (await large.list(table))!;
  const check = new DriftCheck(large);
  const listed = vi.spyOn(large, "listElements");

  await check.next(desired);
  expect(check.putOff(desired)).toBe(false);
  const putOffs: number[] = [];
  while (!check.atStart) {
    await check.next(desired);
    let times = 0;
    for (; check.putOff(desired); times += 1) await check.next(desired);
    putOffs.push(times);
  }
  expect(putOffs).toEqual([8, 8, 0]);
  const names = listed.mock.calls.map(([, objects]) => objects.map(({ name }) => name).join());
  expect(names).toEqual([...Array(9).fill("large_1"), ...Array(9).fill("large_2"), "small"]);
});

test("before anything is in force, and after it was taken away, there is nothing to compare", async () => {
  await dataplane.remove();
  nft.reads = [];
  expect(await dataplane.driftSlice()).toEqual([]);
  expect(nft.reads).toEqual([]);
});

test("devices that lead to pods are asked for when pods change, and once a round", async () => {
  let asked = 0;
  const links = ["cni0"];
  dataplane = new Dataplane({
    nft,
    connections: { list: async () => [], cut: async () => {} },
    podCidrs: [],
    podLinks: async () => {
      asked += 1;
      return [...links];
    },
  });
  const program = localProgram(cluster);
  await dataplane.apply(program);
  await dataplane.apply(program);
  expect(asked).toBe(1);
  nft.reads = [];
  links.push("veth1");
  await round();
  expect((await dataplane.apply(program)).changed).toBe(true);
  expect(asked).toBe(2);
  const set = (await nft.listElements(table, [{ name: "pod_links" }])).get("pod_links");
  expect([...set!.elements.keys()]).toEqual(["cni0", "veth1"]);
});
