import { afterAll, beforeAll, expect, test } from "vitest";
import { topology } from "./notation.ts";
import { splitRef } from "./objects.ts";
import { KernelSubject, nodePod } from "./subjects/kernel.ts";

let kernel: KernelSubject;

beforeAll(async () => {
  kernel = await KernelSubject.start(`conformance-unprogrammed-${process.pid}`);
});

afterAll(() => kernel?.stop());

// An address that a pod has and the agent has never heard of is what a pod looks like before it is programmed. The same
// with an address outside the pods' range shows that nothing else stands in the way.
test("an address of the pods' range that no rule knows is closed, to it and from it", async () => {
  const { sandbox } = kernel;
  await kernel.open(topology("x/a,b"));
  const [a, b] = ["c1-x/a", "c1-x/b"].map((ref) => {
    const [namespace, name] = splitRef(ref);
    return { namespace, name };
  });
  const run = async (pod: typeof nodePod | NonNullable<typeof a>, script: string) => {
    const { code, stdout, stderr } = await sandbox.exec(pod, ["sh", "-ec", script]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout;
  };
  const podAddress = (await run(b!, "ip -4 -o addr show eth0")).match(/inet ([0-9.]+)/)![1]!;
  const device = (await run(nodePod, `ip route get ${podAddress}`)).match(/ dev (\S+)/)![1]!;
  const unknown = "10.244.200.200";
  const outside = "10.250.0.1";
  for (const address of [unknown, outside]) {
    await run(b!, `ip addr add ${address}/32 dev eth0`);
    await run(nodePod, `ip route add ${address}/32 dev ${device}`);
  }
  const to = async (address: string, timeoutMs: number) =>
    (await sandbox.probe([{ from: a!, address, port: 80, protocol: "TCP", timeoutMs }]))[0]?.outcome;
  expect(await to(outside, 10_000)).toBe("connected");
  expect(await to(unknown, 500)).toBe("timeout");

  const target = (await run(a!, "ip -4 -o addr show eth0")).match(/inet ([0-9.]+)/)![1]!;
  const from = async (address: string, seconds: number) =>
    (await sandbox.exec(b!, [process.execPath, "-e", connectFrom, address, target, String(seconds)])).stdout;
  expect(await from(outside, 10)).toBe("connected");
  expect(await from(unknown, 0.5)).toBe("timeout");
});

const connectFrom = `
const [localAddress, host, seconds] = process.argv.slice(1);
const end = (word) => process.stdout.write(word, () => process.exit(0));
require("node:net").connect({ host, port: 80, localAddress }, () => end("connected")).on("error", (e) => end(e.code));
setTimeout(() => end("timeout"), seconds * 1000);
`;
