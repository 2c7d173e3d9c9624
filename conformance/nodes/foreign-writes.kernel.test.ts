import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BreakableApi } from "../faults/breakable-api.ts";
import type { ProbeResult } from "../faults/pod.ts";
import { nodes } from "./layout.ts";
import { NodeAgent } from "./node-agent.ts";
import { expectOpen, untilClosed, untilOpen } from "./reach.ts";
import { openTwoNodes, type TwoNodes } from "./two-nodes.ts";
import { WrittenCluster } from "./written-cluster.ts";

// What others write to a node's nftables, under the eyes of an agent that would compare the table in an hour only.

const [nodeA] = nodes;
const scratch = mkdtempSync(join(tmpdir(), "portcullis-foreign-"));

let machines: TwoNodes;
let api: BreakableApi;
let agent: NodeAgent;

beforeAll(async () => {
  [api, machines] = await Promise.all([BreakableApi.open(), openTwoNodes()]);
  const cluster = new WrittenCluster(api.client);
  await cluster.node(nodeA);
  for (const name of ["target", "friend", "stranger"] as const) await cluster.pod(name);
  await cluster.allow("target", "target", ["friend"]);
  agent = new NodeAgent(machines.commandOf(nodeA.name), [
    ...["--server", api.socketPath, "--node-name", nodeA.name, "--namespace", "default"],
    ...["--state-dir", scratch, "--drift-interval", "1h"],
  ]);
  agent.start();
  await agent.logged(({ event }) => event === "programmed");
});

afterAll(async () => {
  await agent?.end("SIGTERM");
  await machines?.close();
  await api?.close();
  rmSync(scratch, { recursive: true });
});

test("the agent is told by the kernel", async () => {
  const { target, friend, stranger } = machines.places;
  // Links that have just come up find their neighbours first.
  await untilOpen(friend, target);
  await untilClosed(stranger, target);
  // The group NFNLGRP_NFTABLES of a socket of NETLINK_NETFILTER.
  const sockets = () => machines.run(nodeA.name, ["cat", "/proc/net/netlink"]);
  await expect.poll(sockets, { timeout: 15_000 }).toMatch(/ 12 +[0-9]+ +0*140 /);
});

test.each([
  ["flushes the ruleset", () => nft(`flush ruleset\n${firewall}`)],
  ["deletes the table", () => nft("delete table inet portcullis")],
  [
    "deletes one rule",
    () => nft(`delete rule inet portcullis pods_forward handle ${handleOf("10.244.1.0/24")}`),
  ],
])("somebody who %s is noticed and undone", async (_, write) => {
  const { friend, target } = machines.places;
  const from = agent.lines.length;
  const prober = probing();
  write();
  await agent.logged(({ event }) => event === "drift-mended", from);
  const mendedMs = Date.now();
  await untilProbed(prober.results, mendedMs);
  const passed = (await prober.end()).filter(({ outcome }) => outcome === "connected");
  // What was sent after it was told.
  expect(passed.filter(({ began }) => began > mendedMs)).toEqual([]);
  expect(agent.lines.slice(from).filter(({ event }) => event === "drift")).toHaveLength(1);
  await expectOpen(friend, target);
  console.log(`${passed.length} of ${prober.results.length} packets passed, one every ${everyMs} ms`);
});

test("tables of others come and go, and nothing is written or read for it", async () => {
  const from = agent.lines.length;
  const before = asked();
  const reloads = 20;
  for (let i = 0; i < reloads; i++)
    nft(`add table inet firewall\ndelete table inet firewall\n${firewall}\nadd table ip nat_${i}`);
  // Told in the order of the changes: when this is, all of those have been.
  nft("add chain inet portcullis c_foreign");
  await agent.logged(({ event }) => event === "drift-mended", from);
  expect(agent.lines.slice(from).filter(({ event }) => event === "drift")).toMatchObject([
    { differences: ["chain c_foreign is unexpected"] },
  ]);
  const after = asked();
  expect(after.transaction).toBe(before.transaction + 1);
  // A monitor that was begun anew after what came before has the table read, too.
  expect(after.list - before.list).toBeLessThan(reloads / 4);
});

/** What a firewall manager's reload writes. */
const firewall = `table inet firewall {
  set trusted { type ipv4_addr; elements = { 192.0.2.1, 192.0.2.2 }; }
  chain forward { type filter hook forward priority 10; policy accept; ip saddr @trusted accept; }
}`;

const everyMs = 50;

/** A datagram that is not allowed, over and over. */
function probing(): { readonly results: ProbeResult[]; end(): Promise<readonly ProbeResult[]> } {
  const { stranger, target } = machines.places;
  const results: ProbeResult[] = [];
  const sent: Promise<unknown>[] = [];
  let running = true;
  const loop = async () => {
    while (running) {
      const probe = { address: target.addresses[0], port: 80, protocol: "UDP", timeoutMs: 200 } as const;
      sent.push(stranger.probe([probe]).then((found) => results.push(...found)));
      await sleep(everyMs);
    }
    await Promise.all(sent);
  };
  const ended = loop();
  return {
    results,
    async end() {
      running = false;
      await ended;
      return results;
    },
  };
}

async function untilProbed(results: readonly ProbeResult[], sinceMs: number): Promise<void> {
  await expect
    .poll(() => results.filter(({ began }) => began > sinceMs).length, { timeout: 15_000 })
    .toBeGreaterThan(1);
}

function nft(ruleset: string): void {
  machines.run(nodeA.name, ["nft", "-f", "-"], ruleset);
}

function handleOf(words: string): string {
  const listing = machines.run(nodeA.name, [
    "nft",
    "-a",
    "list",
    "chain",
    "inet",
    "portcullis",
    "pods_forward",
  ]);
  const line = listing.split("\n").find((each) => each.includes(`daddr ${words}`));
  return /# handle ([0-9]+)/.exec(line ?? "")![1]!;
}

/** How often nft was asked to write, and to read the whole table. */
function asked(): { readonly transaction: number; readonly list: number } {
  const page = machines.run(nodeA.name, ["curl", "-s", "http://127.0.0.1:9753/metrics"]);
  const count = (operation: string) =>
    Number(page.match(`portcullis_nft_operations_total{operation="${operation}"} ([0-9]+)`)![1]);
  return { transaction: count("transaction"), list: count("list") };
}
