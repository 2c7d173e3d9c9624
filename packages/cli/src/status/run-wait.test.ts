import { resources } from "@portcullis/kube";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { agents, PublishedFleet } from "./published-fleet.testing.ts";

const fleet = new PublishedFleet();

beforeAll(() => fleet.start());

afterAll(() => fleet.stop());

beforeEach(() => fleet.reset());

test("ends when the last node that needs it has it, and waits for no other", async () => {
  await fleet.publish("n1", { web: "now", db: "now" });
  await fleet.publish("n2", { web: "before" });
  let ended = false;
  const waiting = fleet.status("--wait").then((result) => {
    ended = true;
    return result;
  });
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(ended).toBe(false);
  await fleet.publish("n2", { web: "now" });
  const { code, stdout } = await waiting;
  expect(stdout).toMatch(/^2 policies are in force on 2 nodes \(\d+\.\d s\)\n$/);
  expect(code).toBe(0);
});

test("a policy that changes or goes while it is waited for is waited for no more in its former version", async () => {
  await fleet.publish("n1", { web: "now", db: "now" });
  await fleet.publish("n2", { web: "before" });
  const waiting = fleet.status("--wait", "web");
  await new Promise((resolve) => setTimeout(resolve, 100));
  await fleet.publish("n2", { web: fleet.versions.web! + 50 });
  expect((await waiting).code).toBe(0);
});

test("a policy that is deleted before it was in force anywhere is waited for no more", async () => {
  await fleet.publish("n1", { db: "now" });
  await fleet.publish("n2", {});
  const waiting = fleet.status("--wait", "--timeout", "20s");
  await new Promise((resolve) => setTimeout(resolve, 100));
  await fleet.live.client.delete(resources.networkpolicies, "web", "shop");
  expect(await waiting).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^1 policy is in force on 1 node /),
  });
});

test("a deletion is waited for: of all, and of one by its name", async () => {
  await fleet.publish("n1", { web: "now", db: "now" });
  await fleet.publish("n2", { web: "now" });
  await fleet.live.client.delete(resources.networkpolicies, "db", "shop");
  const [late, named] = await Promise.all([
    fleet.status("--wait", "--timeout", "100ms"),
    fleet.status("--wait", "--timeout", "100ms", "db"),
  ]);
  expect([late?.code, named?.code]).toEqual([1, 1]);
  expect(late?.stderr).toContain("a policy that was deleted is still in force on n1");
  expect(named?.stderr).toContain("shop/db that was deleted is still in force on n1");
  const both = Promise.all([fleet.status("--wait"), fleet.status("--wait", "db")]);
  await fleet.publish("n1", { web: "now" });
  const [all, one] = await both;
  expect([all?.code, one?.code]).toEqual([0, 0]);
  expect(one?.stdout).toMatch(/^shop\/db: not there, and in force nowhere \(/);
});

test("who may read one namespace only waits for its policies, and for a deleted one by its name", async () => {
  await fleet.publish("n1", { web: "now", db: "now" });
  await fleet.publish("n2", { web: "now" });
  await fleet.live.client.delete(resources.networkpolicies, "db", "shop");
  const own = [
    "--kubeconfig",
    await fleet.kubeconfigOfTeam(),
    "--wait",
    "--timeout",
    "0",
    "-n",
    "shop",
    "--agent-namespace",
    agents,
  ];
  expect((await fleet.status(...own)).code).toBe(0);
  expect(await fleet.status(...own, "db")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("shop/db that was deleted"),
  });
});

test("at the time-out it says who is missing, and why", async () => {
  await fleet.publish("n1", { web: "now" }, { agoMs: 60_000 });
  const { code, stdout, stderr } = await fleet.status("--wait", "--timeout", "50ms");
  expect(code).toBe(1);
  expect(stdout).toMatch(/shop +web +1\/2 +\d+ +- +NoAgent +n2: no agent/);
  expect(stderr).toContain("error: not in force after 0.05 s:\n");
  expect(stderr).toContain("shop/db: Pending (0 of 1 node): n1: the agent is gone");
  expect(JSON.parse((await fleet.status("--wait", "--timeout", "0", "-o", "json")).stdout)).toMatchObject({
    policies: [{ name: "db" }, { name: "web" }],
  });
});

test("an agent that comes only now is waited for; where pods go away there is nothing to wait for", async () => {
  await fleet.publish("n1", { web: "now", db: "now" });
  const waiting = fleet.status("--wait", "--timeout", "20s");
  await new Promise((resolve) => setTimeout(resolve, 100));
  await fleet.publish("n2", { web: "now" });
  expect((await waiting).code).toBe(0);
  await fleet.live.client.delete(resources.leases, "portcullis-n2", agents);
  await fleet.live.client.delete(resources.pods, "web-2", "shop", { gracePeriodSeconds: 0 });
  expect((await fleet.status("--wait")).code).toBe(0);
});

test("Ctrl-C ends it with 130", async () => {
  await fleet.publish("n1", {});
  const waiting = fleet.status("--wait");
  await new Promise((resolve) => setTimeout(resolve, 150));
  process.emit("SIGINT");
  expect((await waiting).code).toBe(130);
});
