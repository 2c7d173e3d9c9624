import { resources } from "@portcullis/kube";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startWorld, type World } from "../world.testing.ts";
import type { JobStatus } from "./job-object.ts";
import { indexText } from "./job-pods.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  await world.stop();
  expect(world.log).toEqual([]);
});

const job = (spec: object = {}) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "work", namespace: "default" },
  spec: {
    template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "busybox" }] } },
    ...spec,
  },
});
const create = (spec: object = {}) => world.create(resources.jobs, job(spec));
const status = async () => (await world.get(resources.jobs, "work")).status as JobStatus;
const pods = () => world.list(resources.pods);
const settles = (expected: object) =>
  world.eventually(async () => expect(await status()).toMatchObject(expected));
const end = async (fate: "Succeeded" | "Failed") => {
  world.kubelet.fate = () => fate;
  await world.kubelet.again();
};
const conditions = async () =>
  ((await status()).conditions ?? []).map(({ type, reason }) => `${type} ${reason}`);

test("pods at once as many as allowed, until enough have succeeded; then it is complete and says so", async () => {
  await create({ parallelism: 2, completions: 3 });
  await settles({ active: 2, ready: 2 });
  expect(await pods()).toHaveLength(2);
  await end("Succeeded");
  await settles({ succeeded: 3, completionTime: expect.any(String), startTime: expect.any(String) });
  expect(await pods()).toHaveLength(3);
  expect(await conditions()).toEqual([
    "SuccessCriteriaMet CompletionsReached",
    "Complete CompletionsReached",
  ]);
  await world.eventually(async () => expect(await world.events("work")).toContain("Completed Job completed"));
});

test("too many failures are a failure of the job, and end what still runs", async () => {
  world.kubelet.fate = () => "Failed";
  await create({ backoffLimit: 0 });
  await world.eventually(async () =>
    expect(await conditions()).toEqual(["FailureTarget BackoffLimitExceeded", "Failed BackoffLimitExceeded"]),
  );
  expect(await status()).toMatchObject({ failed: 1 });
  expect(await pods()).toHaveLength(1);
});

test("after one failure the next pod waits", async () => {
  world.kubelet.fate = () => "Failed";
  await create({ backoffLimit: 3 });
  await settles({ failed: 1 });
  expect(await pods()).toHaveLength(1);
});

test("each pod of an Indexed job has a number of its own", async () => {
  await create({ completionMode: "Indexed", parallelism: 3, completions: 3 });
  await settles({ active: 3 });
  const made = await pods();
  expect(
    made.map(({ metadata }) => metadata.annotations?.["batch.kubernetes.io/job-completion-index"]).sort(),
  ).toEqual(["0", "1", "2"]);
  for (const { metadata, spec } of made) {
    const index = metadata.labels?.["batch.kubernetes.io/job-completion-index"];
    expect(metadata.name).toMatch(new RegExp(`^work-${index}-[a-z0-9]{5}$`));
    expect(spec).toMatchObject({
      hostname: `work-${index}`,
      containers: [{ env: [{ name: "JOB_COMPLETION_INDEX", valueFrom: { fieldRef: {} } }] }],
    });
  }
  await end("Succeeded");
  await settles({ succeeded: 3, completedIndexes: "0-2" });
});

test("a suspended job runs nothing until it goes on", async () => {
  await create({ suspend: true });
  await world.eventually(async () => expect(await conditions()).toEqual(["Suspended JobSuspended"]));
  expect(await pods()).toEqual([]);
  await world.edit(resources.jobs, "work", (object: { spec: object }) => ({
    ...object,
    spec: { ...object.spec, suspend: false },
  }));
  await settles({ active: 1 });
  expect(await conditions()).toEqual(["Suspended JobResumed"]);
});

test("a job that takes too long is ended; one that has ended goes when its time to live is over", async () => {
  await create({ activeDeadlineSeconds: 1, ttlSecondsAfterFinished: 1 });
  await settles({ active: 1 });
  await world.eventually(async () =>
    expect(await conditions()).toEqual(["FailureTarget DeadlineExceeded", "Failed DeadlineExceeded"]),
  );
  await world.eventually(async () => expect(await world.list(resources.jobs)).toEqual([]));
  await world.eventually(async () => expect(await pods()).toEqual([]));
});

test("indexes are written as runs", () => {
  expect(indexText(new Set([5, 0, 1, 2, 7, 8]))).toBe("0-2,5,7,8");
  expect(indexText(new Set())).toBe("");
});
