import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startWorld, type World } from "../world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  await world.stop();
  expect(world.log).toEqual([]);
});

const template = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "busybox" }] } };
const create = (spec: object = {}) =>
  world.create(resources.cronjobs, {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "tick", namespace: "default" },
    spec: { schedule: "* * * * *", jobTemplate: { spec: { template } }, ...spec },
  });
/** As if the last time had been so many minutes ago, so that nobody has to wait for the next one. */
const wasDue = async (minutes: number) => {
  const cron = await world.get(resources.cronjobs, "tick");
  const { resourceVersion: _, ...metadata } = cron.metadata;
  const lastScheduleTime = new Date(Math.floor(Date.now() / 60_000 - minutes) * 60_000)
    .toISOString()
    .replace(".000", "");
  await world.client.update(
    resources.cronjobs,
    { ...cron, metadata, status: { ...(cron.status ?? {}), lastScheduleTime } },
    "status",
  );
  return lastScheduleTime;
};
const jobs = () => world.list(resources.jobs);

test("a Job for the latest time that was missed, one only, and its pod", async () => {
  await create();
  const before = await wasDue(5);
  const job = await world.eventually(async () => {
    const [first, ...others] = await jobs();
    expect([first?.metadata.ownerReferences, others]).toMatchObject([
      [{ kind: "CronJob", name: "tick" }],
      [],
    ]);
    return first!;
  });
  expect(job.metadata.name).toMatch(/^tick-\d+$/);
  await world.eventually(async () => expect(await world.list(resources.pods)).toHaveLength(1));
  await world.eventually(async () => {
    const { status } = await world.get(resources.cronjobs, "tick");
    expect(status).toMatchObject({ active: [{ kind: "Job", name: job.metadata.name }] });
    const { lastScheduleTime = "" } = status as { lastScheduleTime?: string };
    expect(Date.parse(lastScheduleTime)).toBeGreaterThan(Date.parse(before));
  });
  world.kubelet.fate = () => "Succeeded";
  await world.kubelet.again();
  await world.eventually(async () => {
    const { status } = await world.get(resources.cronjobs, "tick");
    expect(status).toHaveProperty("lastSuccessfulTime");
    expect(status).not.toHaveProperty("active");
  });
});

test("while one runs, Forbid starts none; when it is gone, one", async () => {
  await create({ concurrencyPolicy: "Forbid" });
  await wasDue(5);
  const [first] = await world.eventually(async () => {
    const found = await jobs();
    expect(found).toHaveLength(1);
    return found;
  });
  await world.eventually(async () => {
    // Again and again: the status is the controller's to write, and it may just be writing it.
    await wasDue(3);
    expect((await world.events("tick")).join()).toContain("JobAlreadyActive");
  });
  expect(await jobs()).toHaveLength(1);
  await world.delete(resources.jobs, first!.metadata.name);
  await world.eventually(async () =>
    expect((await jobs())[0]?.metadata.uid ?? first!.metadata.uid).not.toBe(first!.metadata.uid),
  );
});

test("a zone that nobody knows is told of", async () => {
  await create({ timeZone: "Mars/Olympus" });
  await world.eventually(async () =>
    expect(await world.events("tick")).toEqual([
      "UnknownTimeZone invalid timeZone: Mars/Olympus: unknown time zone Mars/Olympus",
    ]),
  );
  expect(await jobs()).toEqual([]);
});

test("a suspended one makes no Job, and no more ended ones are kept than asked for", async () => {
  await create({ suspend: true, successfulJobsHistoryLimit: 0 });
  await wasDue(5);
  world.kubelet.fate = () => "Succeeded";
  await world.eventually(async () =>
    expect((await world.get(resources.cronjobs, "tick")).status).toBeDefined(),
  );
  expect(await jobs()).toEqual([]);
  await world.edit(resources.cronjobs, "tick", (cron: { spec: object }) => ({
    ...cron,
    spec: { ...cron.spec, suspend: false },
  }));
  await world.eventually(async () =>
    expect((await world.events("tick")).join()).toContain("Created job tick-"),
  );
  await world.eventually(async () => expect(await jobs()).toEqual([]));
});
