import { type Cluster, parseAddress, parseCidr } from "@portcullis/engine";
import { NftProcess, type Transaction, tableDifference } from "@portcullis/nft";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Dataplane } from "./dataplane.ts";
import { table } from "./names.ts";
import { olderTable } from "./older-table.testing.ts";
import { readInParts } from "./read-table.ts";
import { apiFromWeb, clusterOf, jobToApi, localProgram } from "./test-cluster.testing.ts";
import { addresses, podCidrs, TestNode } from "./test-node.testing.ts";
import { judged, notSo } from "./test-reach.testing.ts";

// What comes in the way of a table: an older version's that is in force, and an nft that dies.

let node: TestNode;
let nft: WatchedNft;
const cidrs = podCidrs.map((text) => parseCidr(text)!);

/** Calls `afterEach` whenever a transaction has been committed. */
class WatchedNft extends NftProcess {
  afterEach: () => Promise<void> = async () => {};

  override async run(transaction: Transaction): Promise<void> {
    await super.run(transaction);
    await this.afterEach();
  }
}

beforeAll(async () => {
  node = await TestNode.open("routed");
  nft = new WatchedNft({ command: node.command });
});

afterAll(async () => {
  await nft.close();
  await node.close();
});

test("an older table is replaced under the packets' feet: nothing forbidden passes, nothing allowed is lost", async () => {
  await node.load(olderTable);
  const dataplane = new Dataplane({ nft, connections: node.connections, podCidrs: cidrs });
  const steps: (readonly string[])[] = [];
  nft.afterEach = async () => {
    steps.push(await notSo(node, judged, 60));
  };
  let running = true;
  const seen = { allowed: 0, lost: 0, leaked: 0 };
  const probing = Array.from({ length: 4 }, async () => {
    while (running) {
      const allowed = await node.place("web").probe(addresses.api[0], 80);
      const forbidden = await node.place("job").probe(addresses.outside[0], 80, { timeoutMs: 5 });
      seen.allowed += 1;
      if (typeof allowed !== "object") seen.lost += 1;
      if (forbidden !== "silence") seen.leaked += 1;
    }
  });
  const open = await node.place("web").connect(addresses.api[1], 80);
  const applied = await dataplane.apply(localProgram(clusterOf(apiFromWeb, jobToApi)));
  running = false;
  await Promise.all(probing);
  nft.afterEach = async () => {};
  expect(applied.replaced).toBeUndefined();
  expect(steps.length).toBeGreaterThan(3);
  expect(steps.flat()).toEqual([]);
  expect(seen).toEqual({ allowed: expect.any(Number), lost: 0, leaked: 0 });
  expect(seen.allowed).toBeGreaterThan(10);
  expect(await node.place("web").carries(open, 5_000)).toBe(true);
  // Nothing is left of the old one, and what is no pod's is left alone from now on.
  expect(await dataplane.drift()).toEqual([]);
  expect(await node.run("nft", "list", "chains")).not.toContain("policy drop");
  expect(await notSo(node, [...judged, "outside → node:80 yes", "outside → box:80 yes"])).toEqual([]);
  await dataplane.remove();
});

test("an nft that is killed while it writes leaves all of a transaction or nothing, and the next one goes on from there", async () => {
  const dataplane = new Dataplane({
    nft,
    connections: node.connections,
    podCidrs: cidrs,
    established: "keep",
  });
  const cluster = clusterOf(apiFromWeb, jobToApi);
  await dataplane.apply(localProgram(cluster));
  let killed = 0;
  for (let round = 0; round < 4; round += 1) {
    crowd(cluster, round);
    const applying = dataplane.apply(localProgram(cluster)).catch(() => {
      killed += 1;
    });
    await new Promise((resolve) => setTimeout(resolve, round * 4));
    if (nft.pid !== undefined) process.kill(nft.pid, "SIGKILL");
    await applying;
    expect(await notSo(node, ["web → api:80 yes", "outside → api:80 no", "job → outside:80 no"])).toEqual([]);
  }
  expect(killed).toBeGreaterThan(0);
  await dataplane.apply(localProgram(cluster));
  expect(await dataplane.drift()).toEqual([]);
  await dataplane.remove();
});

test("a table that is read in parts is what it is as a whole, whatever was thought to be there", async () => {
  const dataplane = new Dataplane({ nft, connections: node.connections, podCidrs: cidrs });
  const cluster = clusterOf(apiFromWeb, jobToApi);
  crowd(cluster, 0);
  await dataplane.apply(localProgram(cluster));
  const whole = (await nft.list(table))!;
  const nothing = { ...whole, sets: new Map(), maps: new Map() };
  for (const likely of [whole, nothing])
    expect(tableDifference(await readInParts(nft, likely), whole)).toEqual([]);
  await dataplane.remove();
  expect(await readInParts(nft, whole)).toBeUndefined();
});

/** Two thousand more pods elsewhere that api admits, other ones each round: enough to write for some milliseconds. */
function crowd(cluster: Cluster, round: number): void {
  for (let i = 0; i < 2_000; i += 1)
    cluster.upsert({
      kind: "Pod",
      namespace: "default",
      name: `crowd-${i}`,
      labels: { app: "web" },
      addresses: [parseAddress(`10.${100 + round}.${i >> 8}.${i & 255}`)!],
      hostNetwork: false,
      phase: "Running",
      ports: [],
    });
}
