import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apply } from "./apply.ts";
import { FakeNft } from "./fake-nft.ts";
import { formatTransaction } from "./format-operation.ts";
import { openNamespace, type TestNamespace } from "./namespace.testing.ts";
import type { SetRef } from "./nft.ts";
import { NftError, NftUnavailable } from "./nft-error.ts";
import { NftProcess } from "./nft-process.ts";
import { accept, makeChain, makeSet, makeTable, rule, sampleTable, verdict } from "./sample-table.testing.ts";
import type { Operation, Transaction } from "./transaction.ts";

const ref = { family: "inet", name: "pc_run" } as const;
const host = (i: number): string[] => [`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`];
const hosts = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ key: host(from + i) }));
const set = makeSet("s_hosts", ["ipv4_addr"]);

function transaction(...operations: Operation[]): Transaction {
  return { table: ref, operations };
}

it("says so at once when the kernel does not let it look, instead of waiting for an answer", async () => {
  const namespace = await openNamespace();
  const without = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"];
  const blind = new NftProcess({ command: [...namespace.command, ...without] });
  try {
    const refused = await blind.run(transaction({ op: "add table" }, { op: "add set", set })).catch(String);
    expect(refused).toContain("Operation not permitted");
    expect(blind.pid).toBeUndefined();
  } finally {
    await blind.close();
    await namespace.close();
  }
}, 10_000);

describe("NftProcess on a kernel", () => {
  let namespace: TestNamespace;
  let nft: NftProcess;

  beforeAll(async () => {
    namespace = await openNamespace();
    nft = new NftProcess({ command: namespace.command });
    await nft.run(transaction({ op: "add table" }, { op: "add set", set }));
  });
  afterAll(async () => {
    await nft.close();
    await namespace.close();
  });

  it("lists a table with every construct as it was written", async () => {
    const table = sampleTable();
    await apply(nft, undefined, table);
    expect(await nft.list(table)).toEqual(table);
    const wanted: SetRef[] = [...table.sets.values(), ...table.maps.values(), { name: "s_nowhere" }];
    const found = await nft.listElements(table, wanted);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries([...table.sets, ...table.maps]));
  });

  it("lists tersely: no elements, no figures, and what has not changed as the same objects", async () => {
    const table = { ...sampleTable(), name: "pc_terse" };
    await apply(nft, undefined, table);
    const [first, second] = [await nft.listTerse(table), await nft.listTerse(table)];
    const fake = new FakeNft();
    await apply(fake, undefined, table);
    expect(first).toEqual(await fake.listTerse(table));
    for (const [name, chain] of first!.chains) expect(second!.chains.get(name)).toBe(chain);
    const [changed] = [...table.chains.values()].filter(({ hook }) => !hook);
    await nft.run({ table, operations: [{ op: "flush chain", name: changed!.name }] });
    const third = await nft.listTerse(table);
    expect(third!.chains.get(changed!.name)?.rules).toEqual([]);
    const others = [...first!.chains].filter(([name]) => name !== changed!.name);
    for (const [name, chain] of others) expect(third!.chains.get(name)).toBe(chain);
  });

  it("lists tersely beside what this nft cannot read", async () => {
    const folder = mkdtempSync(join(tmpdir(), "portcullis-nft-"));
    const script = 'case "$*" in *ruleset*) kill -SEGV $$;; esac\nexec $NFT "$@"';
    writeFileSync(join(folder, "nft"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const real = (await promisify(execFile)("sh", ["-c", "command -v nft"])).stdout.trim();
    const environment = ["env", `NFT=${real}`, `PATH=${folder}:${process.env.PATH}`];
    const crashing = new NftProcess({ command: [...namespace.command, ...environment] });
    const table = { ...sampleTable(), name: "pc_beside" };
    await apply(nft, undefined, table);
    expect(await crashing.listTerse(table)).toEqual(await nft.listTerse(table));
    await crashing.close();
    rmSync(folder, { recursive: true });
  });

  it("gives a listing up that writes keep from ending", async () => {
    const many = makeSet("s_many", ["ipv4_addr"]);
    const add = (from: number, count: number) =>
      nft.run(transaction({ op: "add elements", set: many, elements: hosts(from, count) }));
    await nft.run(transaction({ op: "add set", set: many }));
    for (let from = 0; from < 60_000; from += 10_000) await add(from, 10_000);
    let isOver = false;
    const writes = (async () => {
      for (let i = 0; !isOver; i = (i + 1) % 100) await add(60_000 + i, 1);
    })();
    const listed = nft.listElements(ref, [many], { signal: AbortSignal.timeout(300) });
    await expect(listed).rejects.toMatchObject({ name: "TimeoutError" });
    isOver = true;
    await writes;
    expect((await nft.listElements(ref, [many])).get(many.name)?.elements.size).toBeGreaterThan(60_000);
    await nft.run(transaction({ op: "delete set", name: many.name }));
  });

  it("tells its version", async () => {
    expect(await nft.version()).toMatch(/^[0-9]+(\.[0-9]+)+$/);
  });

  it("lists nothing where there is nothing", async () => {
    expect(await nft.list({ family: "inet", name: "pc_nowhere" })).toBeUndefined();
    expect(await nft.listTerse({ family: "inet", name: "pc_nowhere" })).toBeUndefined();
    expect(await nft.listElements(ref, [{ name: "s_nowhere" }])).toEqual(new Map());
  });

  it("writes 10,000 elements on one line", async () => {
    const add = transaction({ op: "add elements", set, elements: hosts(0, 10_000) });
    expect(formatTransaction(add).length).toBeGreaterThan(100_000);
    await nft.run(add);
    expect((await nft.listElements(ref, [{ name: set.name }])).get(set.name)?.elements.size).toBe(10_000);
    await nft.run(transaction({ op: "flush set", name: set.name }));
  });

  it("keeps the order of calls that nobody waited for, also around a failure", async () => {
    const results = await Promise.allSettled([
      nft.run(transaction({ op: "add elements", set, elements: hosts(0, 5000) })),
      nft.run(transaction({ op: "delete elements", set, elements: hosts(9000, 1) })),
      nft.run(transaction({ op: "delete elements", set, elements: hosts(0, 4999) })),
    ]);
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect([
      ...((await nft.listElements(ref, [{ name: set.name }])).get(set.name)?.elements.keys() ?? []),
    ]).toEqual([host(4999).join()]);
    await nft.run(transaction({ op: "flush set", name: set.name }));
  });

  it("keeps tables apart", async () => {
    const [one, two] = ["pc_one", "pc_two"].map((name) =>
      makeTable(name, { chains: [makeChain(`c_${name}`, [rule(accept)])] }),
    );
    if (!one || !two) throw new Error("two tables");
    await Promise.all([apply(nft, undefined, one), apply(nft, undefined, two)]);
    await nft.run({ table: one, operations: [{ op: "delete table" }] });
    expect(await nft.list(one)).toBeUndefined();
    expect(await nft.list(two)).toEqual(two);
  });

  const bad = transaction(
    { op: "add chain", chain: makeChain("c_good", [rule(accept)]) },
    {
      op: "add rules",
      chain: "c_good",
      rules: [rule(accept), rule(verdict("goto", "c_lost")), rule(accept)],
    },
    { op: "add elements", set, elements: hosts(0, 1) },
  );

  it.each(["run", "check"] as const)("names the rule that is at fault: %s", async (method) => {
    const error = await nft[method](bad).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NftError);
    expect(error).toMatchObject({
      words: "Error: Could not process rule: No such file or directory",
      command: "add rule inet pc_run c_good goto c_lost",
      operation: 1,
    });
    expect((await nft.list(ref))?.chains.size).toBe(0);
  });

  it("names the fault behind 10,000 elements", async () => {
    const elements = hosts(0, 10_000);
    await expect(
      nft.run(transaction({ op: "add elements", set, elements }, { op: "delete chain", name: "c_lost" })),
    ).rejects.toMatchObject({ operation: 1, command: "delete chain inet pc_run c_lost" });
  });

  it("checks without committing", async () => {
    await nft.check(transaction({ op: "add chain", chain: makeChain("c_checked", []) }));
    expect((await nft.list(ref))?.chains.size).toBe(0);
  });

  it("starts a new child when the old one was killed between runs", async () => {
    const before = nft.pid;
    process.kill(before ?? 0, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(nft.pid).toBeUndefined();
    await nft.run(transaction({ op: "add elements", set, elements: hosts(0, 1) }));
    expect(nft.pid).not.toBe(before);
    expect((await nft.listElements(ref, [{ name: set.name }])).get(set.name)?.elements.size).toBe(1);
  });

  it("fails the run in which the child was killed, and only that one", async () => {
    await nft.run(transaction({ op: "flush set", name: set.name }));
    const first = nft.run(transaction({ op: "add elements", set, elements: hosts(0, 12_000) }));
    const second = nft.run(transaction({ op: "add elements", set, elements: hosts(20_000, 1) }));
    const killed = (async () => {
      await new Promise((resolve) => setImmediate(resolve));
      process.kill(nft.pid ?? 0, "SIGKILL");
    })();
    await expect(first).rejects.toBeInstanceOf(NftUnavailable);
    await killed;
    await second;
    // The kernel took the first whole or not at all.
    expect([1, 12_001]).toContain(
      (await nft.listElements(ref, [{ name: set.name }])).get(set.name)?.elements.size,
    );
  });

  it("gives a child that hangs up, and starts another", async () => {
    const impatient = new NftProcess({ command: namespace.command, timeoutMs: 1500 });
    try {
      await impatient.run(transaction({ op: "flush set", name: set.name }));
      const { pid = 0 } = impatient;
      process.kill(pid, "SIGSTOP");
      await expect(impatient.run(transaction({ op: "flush set", name: set.name }))).rejects.toThrow(
        "within 1500 ms",
      );
      await impatient.run(transaction({ op: "add elements", set, elements: hosts(3, 1) }));
      expect(impatient.pid).not.toBe(pid);
    } finally {
      await impatient.close();
    }
  });

  it("renews its child after so many characters, unnoticed", async () => {
    const thrifty = new NftProcess({ command: namespace.command, renewAfter: 10_000 });
    const pids = new Set<number | undefined>();
    for (let i = 0; i < 6; i++) {
      await thrifty.run(transaction({ op: "add elements", set, elements: hosts(0, 300) }));
      pids.add(thrifty.pid);
    }
    await thrifty.close();
    expect(pids.size).toBe(2);
  });

  it("leaves no history in the home of its user", async () => {
    const home = await mkdtemp(join(tmpdir(), "nft-home-"));
    const guest = new NftProcess({ command: [...namespace.command, "env", `HOME=${home}`] });
    await guest.run(transaction({ op: "flush set", name: set.name }));
    await guest.close();
    const left = await readdir(home);
    await rm(home, { recursive: true });
    expect(left).toEqual([]);
  });

  it("waits for what is under way when it is closed, and then takes no more", async () => {
    const other = new NftProcess({ command: namespace.command });
    const last = other.run(transaction({ op: "flush set", name: set.name }));
    const { pid } = other;
    await other.close();
    await last;
    expect(other.pid).toBeUndefined();
    if (pid !== undefined) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    await expect(other.run(bad)).rejects.toBeInstanceOf(NftUnavailable);
  });

  it("takes a listing that was cut short, or a hanging nft, for no answer", async () => {
    const folder = mkdtempSync(join(tmpdir(), "portcullis-nft-"));
    const as = (script: string) => {
      writeFileSync(join(folder, "nft"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      return new NftProcess({ command: ["env", `PATH=${folder}:${process.env.PATH}`], timeoutMs: 200 });
    };
    const questions = [{ name: "s_hosts" }];
    for (const script of ["printf 'table inet pc_run {\\n\\tset s_hosts {\\n'; kill -9 $$", "exec sleep 5"]) {
      const driver = as(script);
      await expect(driver.list(ref)).rejects.toBeInstanceOf(NftUnavailable);
      await expect(driver.listTerse(ref)).rejects.toBeInstanceOf(NftUnavailable);
      await expect(driver.listElements(ref, questions)).rejects.toBeInstanceOf(NftUnavailable);
    }
    rmSync(folder, { recursive: true });
  });

  it("says what to install when there is no nft", async () => {
    const without = new NftProcess({ command: ["env", "PATH=/nowhere"] });
    const missing = new NftProcess({ command: ["/usr/bin/env", "-i", "PATH=/nowhere"] });
    for (const driver of [without, missing]) {
      await expect(driver.list(ref)).rejects.toBeInstanceOf(NftUnavailable);
      await expect(driver.check(bad)).rejects.toBeInstanceOf(NftUnavailable);
      await expect(driver.run(bad)).rejects.toBeInstanceOf(NftUnavailable);
      await driver.close();
    }
    const noNft = new NftProcess({
      command: [
        "/usr/bin/env",
        "PATH=/usr/lib",
        "/bin/sh",
        "-c",
        'case "$0" in sh) exec /bin/sh "$@";; *) exec "$0" "$@";; esac',
      ],
    });
    await expect(noNft.list(ref)).rejects.toThrow("apt install nftables");
    await expect(noNft.run(bad)).rejects.toThrow("apt install nftables");
    await noNft.close();
  });

  it("does not depend on /etc/protocols and /etc/services", async () => {
    const bare = [
      "sh",
      "-c",
      'for f in protocols services; do mount --bind /dev/null /etc/$f; done; exec "$@"',
      "sh",
    ];
    const poor = new NftProcess({ command: [...namespace.command, "unshare", "-m", ...bare] });
    const table = sampleTable("pc_poor");
    await apply(poor, undefined, table);
    expect(await poor.list(table)).toEqual(table);
    await poor.close();
  });
});
