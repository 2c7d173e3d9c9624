import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openNamespace, type TestNamespace } from "../namespace.testing.ts";
import { NftProcess } from "../nft-process.ts";
import { makeSet } from "../sample-table.testing.ts";
import type { Operation, Transaction } from "../transaction.ts";
import { NftMonitor } from "./nft-monitor.ts";
import type { Writer } from "./table-listener.ts";

const table = { family: "inet", name: "pc_watched" } as const;
const set = makeSet("hosts", ["ipv4_addr"]);
const element = (i: number) => ({ key: [`10.0.${i >> 8}.${i & 255}`] });

const patience = { timeout: 15_000 };

let namespace: TestNamespace;
/** Ours: the driver whose table is watched. */
let nft: NftProcess;
let other: NftProcess;
let told: (string | Writer)[];
const listener = {
  onForeignWrite: (by?: Writer) => told.push(by ?? "somebody"),
  onDoubt: () => told.push("doubt"),
  onHearing: () => told.push("hearing"),
  onDeaf: (words: string) => told.push(`deaf: ${words}`),
};

beforeEach(async () => {
  namespace = await openNamespace();
  nft = new NftProcess({ command: namespace.command });
  other = new NftProcess({ command: namespace.command });
  told = [];
});

afterEach(async () => {
  await nft.close();
  await other.close();
  await namespace.close();
});

test("what others write to the table is told, who did it, and nothing of what we write", async () => {
  nft.watch(table, listener);
  await hearing();
  for (const operations of [[{ op: "add table" }], [{ op: "add set", set }]] as const)
    await run(nft, ...operations);
  for (let i = 0; i < 20; i++) {
    await run(nft, { op: "add elements", set, elements: [element(i)] });
    // Neither what is refused, nor what is another's table.
    await expect(run(nft, { op: "flush chain", name: "c_none" })).rejects.toThrow("No such file");
    await other.run({
      table: { family: "inet", name: `pc_watched_${i}` },
      operations: [{ op: "add table" }],
    });
  }
  expect(told).toEqual([]);
  await run(other, { op: "delete elements", set, elements: [element(7)] });
  await expect.poll(() => told.length, patience).toBe(1);
  await run(nft, { op: "add elements", set, elements: [element(7)] });
  await run(other, { op: "delete table" });
  await expect.poll(() => told.length, patience).toBe(2);
  await run(nft, { op: "add table" });
  await run(other, { op: "add chain", chain: { name: "c_new", rules: [] } });
  await expect.poll(() => told.length, patience).toBe(3);
});

test("who wrote is told when we have not written for a while", async () => {
  await run(other, { op: "add table" });
  nft.watch(table, listener);
  await hearing();
  await run(other, { op: "add set", set });
  await expect.poll(() => told, patience).toEqual([{ pid: expect.any(Number), name: "nft" }]);
});

test("what is lost may have been of the table", async () => {
  await run(other, { op: "add table" }, { op: "add set", set });
  const monitor = new NftMonitor({ command: namespace.command, table, listener });
  try {
    await hearing();
    process.kill(monitor.pid!, "SIGSTOP");
    const elements = Array.from({ length: 4_000 }, (_, i) => element(i));
    const foreign = { family: "inet", name: "pc_foreign" } as const;
    await other.run({ table: foreign, operations: [{ op: "add table" }, { op: "add set", set }] });
    // Until its socket holds no more.
    for (let i = 0; lostBy(monitor.pid!) === 0; i++) {
      const op = i % 2 === 0 ? "add elements" : "delete elements";
      await other.run({ table: foreign, operations: [{ op, set, elements }] });
    }
    expect(told).toEqual([]);
    process.kill(monitor.pid!, "SIGCONT");
    await expect.poll(() => told.length, patience).toBeGreaterThan(0);
  } finally {
    await monitor.close();
  }
});

test("a monitor that ends is replaced, and what was written meanwhile may have been of the table", async () => {
  const monitor = new NftMonitor({ command: namespace.command, table, listener });
  try {
    await hearing();
    const { pid } = monitor;
    process.kill(pid!, "SIGKILL");
    await expect.poll(() => told, patience).toEqual(["hearing", "doubt"]);
    expect(monitor.pid).not.toBe(pid);
  } finally {
    await monitor.close();
  }
});

test("a monitor that takes ever more memory for what iptables writes is replaced", async (context) => {
  const [enter = "", ...args] = namespace.command;
  const restore = (rules: string) =>
    execFileSync(enter, [...args, "iptables-nft-restore", "--noflush"], { input: rules, stdio: "pipe" });
  try {
    restore("*nat\nCOMMIT\n");
  } catch (error) {
    context.skip(`iptables-nft-restore does not work here: ${error}`);
  }
  // As where iptables is not installed: nft has no extension for anything.
  const command = [...namespace.command, "env", "XTABLES_LIBDIR=/nonexistent"];
  const memoryKiB = 32 * 1024;
  const monitor = new NftMonitor({ command, table, memoryKiB, listener });
  try {
    await hearing();
    const { pid } = monitor;
    const rule = `-A KUBE-SVC-A ${"-m comment --comment x ".repeat(10)}-j RETURN\n`;
    const before = sizeOf(pid!);
    for (let i = 0; monitor.pid === pid && i < 60; i++) {
      restore(`*nat\n:KUBE-SVC-A - [0:0]\n${rule.repeat(30)}COMMIT\n`);
      await sleep(10);
    }
    if (sizeOf(pid!) - before < 1024) context.skip("this nft gives back what it takes");
    await expect.poll(() => told, patience).toContain("hearing");
    expect(monitor.pid).not.toBe(pid);
    await run(other, { op: "add table" });
    await expect.poll(() => told.at(-1), patience).toEqual({ pid: expect.any(Number), name: "nft" });
  } finally {
    await monitor.close();
  }
});

test("whoever is killed leaves no monitor behind, at whatever moment", async () => {
  const index = fileURLToPath(new URL("../../dist/index.js", import.meta.url));
  const killed = Array.from({ length: 6 }, (_, i) => {
    const program = `
      const { NftProcess } = await import(${JSON.stringify(index)});
      const nft = new NftProcess({ command: ${JSON.stringify(namespace.command)} });
      const nothing = () => {};
      nft.watch(${JSON.stringify(table)}, { onForeignWrite: nothing, onDoubt: nothing, onHearing: nothing, onDeaf: nothing });
      setTimeout(() => process.kill(process.pid, "SIGKILL"), ${30 * i});`;
    return once(spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "ignore" }), "exit");
  });
  const ends = await Promise.all(killed);
  expect(ends.map(([, signal]) => signal)).toEqual(killed.map(() => "SIGKILL"));
  const [enter = "", ...args] = namespace.command;
  const listening = () =>
    execFileSync(enter, [...args, "cat", "/proc/net/netlink"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => / 12 +[0-9]+ +0*140 /.test(line));
  // One that has only just begun will listen in a moment, and then be gone.
  await expect.poll(listening, patience).toEqual([]);
  await sleep(200);
  expect(listening()).toEqual([]);
});

test("a kernel that tells nothing is told, with nft's words", async () => {
  const without = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"];
  const monitor = new NftMonitor({ command: [...namespace.command, ...without], table, listener });
  await expect.poll(() => told[0], patience).toContain("Operation not permitted");
  await monitor.close();
  const missing = new NftMonitor({ command: ["/nonexistent/program"], table, listener });
  await expect.poll(() => told.at(-1), patience).toContain("ENOENT");
  await missing.close();
});

/** Address space in KiB; of a process that has ended, without end. */
function sizeOf(pid: number): number {
  try {
    return Number(/VmSize:\s+([0-9]+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Infinity);
  } catch {
    return Infinity;
  }
}

/** Messages that its socket had no room for. */
function lostBy(pid: number): number {
  const lines = readFileSync(`/proc/${pid}/net/netlink`, "utf8").split("\n");
  const columns = lines.map((line) => line.trim().split(/\s+/)).find(([, , port]) => port === `${pid}`);
  return Number(columns?.[8]);
}

/** At the beginning anything may have been written. */
async function hearing(): Promise<void> {
  await expect.poll(() => told, patience).toEqual(["hearing", "doubt"]);
  told = [];
}

function run(by: NftProcess, ...operations: readonly Operation[]): Promise<void> {
  const transaction: Transaction = { table, operations };
  return by.run(transaction);
}
