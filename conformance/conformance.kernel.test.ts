import { resources } from "@portcullis/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cases } from "./cases/index.ts";
import { resultsText } from "./report.ts";
import { run } from "./run.ts";
import { KernelSubject, nodePod } from "./subjects/kernel.ts";

let kernel: KernelSubject;

beforeAll(async () => {
  kernel = await KernelSubject.start(`conformance-cases-${process.pid}`);
});

afterAll(() => kernel?.stop());

test("the kernel gives the tables of all cases, with real packets", async () => {
  const skip = [
    {
      case: "reuse:",
      reason: "a sandbox hands an address out again only when all 64,000 others were in use",
    },
  ];
  const result = await run(kernel, cases, { skip });
  console.log(resultsText([result]));
  expect(result.wrong).toEqual([]);
  expect(result.cells).toBeGreaterThan(40_000);
}, 400_000);

test("a kernel that drops one kind of packet more is told by case, step and cell", async () => {
  const faulty = await KernelSubject.start(`conformance-faulty-${process.pid}`, 500);
  try {
    const name = "e2e 16: an empty rule admits everything";
    const chosen = cases.filter((each) => each.name === name);
    const session = await faulty.open(chosen[0]!.topology);
    await session.close();
    const { items } = await faulty.sandbox.client.list(resources.pods);
    const address = (namespace: string, pod: string) => {
      const found = items.find(({ metadata }) => metadata.name === pod && metadata.namespace === namespace);
      return (found!.status as { podIP: string }).podIP;
    };
    const rule = `ip saddr ${address("c1-y", "a")} ip daddr ${address("c1-x", "b")} tcp dport 81 drop`;
    const table = `table ip fault { chain c_forward { type filter hook forward priority -5; ${rule}; }; }`;
    await faulty.sandbox.exec(nodePod, ["nft", table]);
    const { wrong } = await run(faulty, chosen);
    const line = (step: string, via: string) =>
      `kernel: ${name}: ${step}: y/a → x/b TCP 81 IPv4${via} should be: passes; it is denied`;
    expect(wrong).toEqual([
      line("before any policy", ""),
      line("before any policy", " through its Service"),
      line("allow all", ""),
      line("allow all", " through its Service"),
    ]);
  } finally {
    await faulty.stop();
  }
});
