import { resources } from "@portcullis/kube";
import { type SandboxHandle, startSandbox } from "@portcullis/sandbox";
import { type Benchmark, type BenchmarkOptions, progress } from "./lib/benchmark.ts";
import { bareNamespaces, nginxByHand } from "./lib/by-hand.ts";
import { deleteDeployment, nginxDeployment, untilAvailable } from "./lib/deployment.ts";
import { cpuWhile } from "./lib/idle-cpu.ts";
import { type Measurement, type Report, ratioToMedian } from "./lib/report.ts";
import {
  curlPod,
  deletePods,
  enforcedChange,
  nginxPod,
  service,
  untilAnswered,
} from "./lib/sandbox-objects.ts";
import { median } from "./lib/statistics.ts";

/**
 * The sandbox as its user feels it: from nothing to the first answer of nginx through its Service, pods a second, and
 * from the write of a policy to its being in force, against the same done by hand or not at all.
 */
export const sandbox: Benchmark = { run };

const starts = 7;
const changes = 200;
const onePod = "one pod of so many at once, with nginx";
const name = `bench-${process.pid}`;

async function run({ pods = [1, 10, 100] }: BenchmarkOptions): Promise<Report> {
  const measurements = [...(await starting()), ...(await working(pods))];
  const rates = measurements
    .filter(({ subject }) => subject === onePod)
    .map(
      ({ pods, ratio, baseline }) => `${pods}: ${(1000 / (ratio.median * baseline.value)).toPrecision(2)}`,
    );
  const notes = [
    `pods a second, by how many are made at once: ${rates.join(", ")}`,
    "by hand: unshare, nginx with a configuration of three lines, curl on loopback: no veth, no rules, no API",
    "in force: from before the write until the sandbox says that the kernel enforces it, connections cut included",
  ];
  return { benchmark: "sandbox", measurements, notes };
}

async function starting(): Promise<Measurement[]> {
  const byHand: number[] = [];
  const started: number[] = [];
  const answered: number[] = [];
  for (let round = -1; round < starts; round++) {
    progress(`sandbox: start ${round + 2} of ${starts + 1}`);
    const bare = await nginxByHand();
    const start = performance.now();
    const running = await startSandbox({ name, dns: true });
    const up = performance.now() - start;
    try {
      await firstAnswer(running);
      if (round < 0) continue;
      answered.push(performance.now() - start);
      byHand.push(bare);
      started.push(up);
    } finally {
      await running.stop();
    }
  }
  const baseline = { name: "nginx and curl by hand", value: median(byHand), unit: "ms" } as const;
  return [
    {
      subject: "sandbox started, ready for kubectl",
      pods: 0,
      baseline,
      ratio: ratioToMedian(started, byHand),
    },
    { subject: "first answer through a Service", pods: 2, baseline, ratio: ratioToMedian(answered, byHand) },
  ];
}

async function firstAnswer(running: SandboxHandle): Promise<void> {
  await running.client.create(resources.services, service("web"));
  await running.client.create(resources.pods, nginxPod("web"));
  await running.client.create(resources.pods, curlPod("client"));
  await untilAnswered(running, "client", "web");
}

/** Everything that one sandbox can be asked while it runs. */
async function working(sizes: readonly number[]): Promise<Measurement[]> {
  // Beforehand: the kernel takes namespaces apart long after their end, and that would be measured too.
  const bare: number[] = [];
  for (let i = 0; i < 15; i++) bare.push(await bareNamespaces());
  const running = await startSandbox({ name });
  try {
    const measurements: Measurement[] = [];
    for (const size of sizes) measurements.push(await podsPerSecond(running, size, bare));
    for (const size of sizes) measurements.push(await deploymentReady(running, size, bare));
    return [...measurements, ...(await changing(running)), await idling(running)];
  } finally {
    await running.stop();
  }
}

/** Time per pod, from the first write until all are ready. */
async function podsPerSecond(
  running: SandboxHandle,
  size: number,
  bare: readonly number[],
): Promise<Measurement> {
  const repeats = size >= 100 ? 3 : 7;
  const perPod: number[] = [];
  for (let round = 0; round < repeats; round++) {
    progress(`sandbox: ${size} pods, ${round + 1} of ${repeats}`);
    const names = Array.from({ length: size }, (_, i) => `n${size}r${round}p${i}`);
    const start = performance.now();
    await Promise.all(names.map((each) => running.client.create(resources.pods, nginxPod(each))));
    await running.running(names.map((each) => ({ namespace: "default", name: each })));
    perPod.push((performance.now() - start) / size);
    await deletePods(running, names);
  }
  return {
    subject: onePod,
    pods: size,
    baseline: { name: "unshare … true", value: median(bare), unit: "ms" },
    ratio: ratioToMedian(perPod, bare),
  };
}

/** CPU of everything that belongs to the sandbox while nobody asks it for anything, as a share of the time that goes by. */
async function idling(running: SandboxHandle): Promise<Measurement> {
  const pods = 30;
  progress(`sandbox: idle with ${pods} pods`);
  await running.client.create(resources.deployments, nginxDeployment("idle", pods));
  await untilAvailable(running, "idle", pods);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const time = 10_000;
  const spent = await cpuWhile([process.pid], time);
  return {
    subject: "CPU while idle",
    pods,
    baseline: { name: "the time that goes by", value: time, unit: "ms" },
    ratio: ratioToMedian([spent], [time]),
  };
}

/** Time per pod of a Deployment, from its creation until all its pods are available. */
async function deploymentReady(
  running: SandboxHandle,
  size: number,
  bare: readonly number[],
): Promise<Measurement> {
  const repeats = size >= 100 ? 3 : 7;
  const perPod: number[] = [];
  for (let round = 0; round < repeats; round++) {
    progress(`sandbox: a Deployment of ${size}, ${round + 1} of ${repeats}`);
    const name = `d${size}r${round}`;
    const start = performance.now();
    await running.client.create(resources.deployments, nginxDeployment(name, size));
    await untilAvailable(running, name, size);
    perPod.push((performance.now() - start) / size);
    await deleteDeployment(running, name);
  }
  return {
    subject: "one pod of a Deployment of so many, available",
    pods: size,
    baseline: { name: "unshare … true", value: median(bare), unit: "ms" },
    ratio: ratioToMedian(perPod, bare),
  };
}

/** A policy that isolates one of ten pods opens another port each time. */
async function changing(running: SandboxHandle): Promise<Measurement[]> {
  progress(`sandbox: ${changes} policy changes`);
  const names = Array.from({ length: 10 }, (_, i) => `policy${i}`);
  for (const each of names) await running.client.create(resources.pods, nginxPod(each));
  await running.running(names.map((each) => ({ namespace: "default", name: each })));
  const writes: number[] = [];
  const inForce: number[] = [];
  for (let i = -1; i < changes; i++) {
    const { write, enforced } = await enforcedChange(running, names, i + 1);
    if (i < 0) continue;
    writes.push(write);
    inForce.push(enforced);
  }
  return [
    {
      subject: "policy in force",
      pods: names.length,
      baseline: { name: "the write alone", value: median(writes), unit: "ms" },
      ratio: ratioToMedian(inForce, writes),
    },
  ];
}
