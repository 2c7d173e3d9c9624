import { expect } from "vitest";
import type { PodPlace, Probe, ProbeResult } from "../faults/pod.ts";

/** Both families and both transports: what a policy says of one is said of all. */
function everyWay(to: PodPlace, port: number, timeoutMs: number): readonly Probe[] {
  return to.addresses.flatMap((address) =>
    (["TCP", "UDP"] as const).map((protocol): Probe => ({ address, port, protocol, timeoutMs })),
  );
}

/** One line for each way that did not end as it must. */
async function others(
  from: PodPlace,
  probes: readonly Probe[],
  outcome: "connected" | "timeout",
): Promise<readonly string[]> {
  return (await from.probe(probes))
    .filter((result) => result.outcome !== outcome)
    .map((result) => `${from.name} → ${result.address} ${result.protocol} ${result.port}: ${words(result)}`);
}

const words = ({ outcome, who }: ProbeResult): string => (who === undefined ? outcome : `${outcome}, ${who}`);

/** By TCP and UDP, over IPv4 and IPv6, answered by the one who was asked. */
export async function expectOpen(from: PodPlace, to: PodPlace, port = 80): Promise<void> {
  const results = await from.probe(everyWay(to, port, 5_000));
  const wrong = results.filter(({ outcome, who }) => outcome !== "connected" || who !== to.name);
  expect(wrong, `${from.name} → ${to.name}`).toEqual([]);
}

export async function expectClosed(from: PodPlace, to: PodPlace, port = 80): Promise<void> {
  expect(await others(from, everyWay(to, port, 250), "timeout")).toEqual([]);
}

/** For what becomes so in a moment: a change that is on its way into force. */
export async function untilOpen(from: PodPlace, to: PodPlace, port = 80): Promise<void> {
  await expect
    .poll(() => others(from, everyWay(to, port, 300), "connected"), { timeout: 10_000, interval: 20 })
    .toEqual([]);
}

export async function untilClosed(from: PodPlace, to: PodPlace, port = 80): Promise<void> {
  await expect
    .poll(() => others(from, everyWay(to, port, 250), "timeout"), { timeout: 10_000, interval: 20 })
    .toEqual([]);
}
