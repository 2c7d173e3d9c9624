import { resources } from "@portcullis/kube";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { PublishedFleet } from "./published-fleet.testing.ts";

const fleet = new PublishedFleet();

beforeAll(() => fleet.start());

afterAll(() => fleet.stop());

beforeEach(() => fleet.reset());

test("in force: on how many nodes, in which version, since when", async () => {
  await fleet.publish("n1", { web: "now", db: "now" });
  await fleet.publish("n2", { web: "now" });
  const { code, stdout, stderr } = await fleet.status();
  expect(stdout.split("\n").map((line) => line.replace(/ 9\ds /, " AGE ").replaceAll(/ +/g, " "))).toEqual([
    "NAMESPACE NAME NODES REVISION SINCE STATE REASON",
    `shop db 1/1 ${fleet.versions.db} AGE InForce`,
    `shop web 2/2 ${fleet.versions.web} AGE InForce`,
    "",
  ]);
  expect([code, stderr]).toEqual([0, ""]);
});

test("every output says the same, with the same exit code", async () => {
  await fleet.publish("n1", { web: "now" });
  await fleet.publish("n2", { web: "before" });
  const [wide, csv, name, json, yaml] = await Promise.all(
    ["wide", "csv", "name", "json", "yaml"].map((form) => fleet.status("web", "-o", form)),
  );
  expect([wide, csv, name, json, yaml].map((each) => each?.code)).toEqual([1, 1, 1, 1, 1]);
  expect(csv?.stdout).toMatch(
    /^node,agent,state,revision,since,pods,reason\nn1,Ready,InForce,\d+,20\S+Z,1,\nn2,Ready,Pending,/,
  );
  expect(name?.stdout).toBe("networkpolicy.networking.k8s.io/web\n");
  expect(JSON.parse(json!.stdout)).toMatchObject({
    policies: [
      {
        namespace: "shop",
        name: "web",
        state: "Pending",
        inForce: 1,
        needed: 2,
        nodes: [
          { node: "n1", state: "InForce" },
          { node: "n2", state: "Pending", resourceVersion: String(fleet.versions.web! - 1) },
        ],
      },
    ],
    nodes: [
      { name: "n1", agent: "Ready" },
      { name: "n2", agent: "Ready" },
    ],
  });
  expect(yaml?.stdout).toContain("  state: Pending\n");
  expect((await fleet.status("web", "--exit-zero")).code).toBe(0);
});

test("nodes without an agent, agents that are gone or not ready are told, and what they mean for policies", async () => {
  const condition = {
    type: "NftMissing",
    reason: "NotFound",
    message: "nft was not found",
    sinceMs: 1,
    blocksReadiness: true,
  };
  await fleet.publish("n1", {}, { agoMs: 600_000 });
  await fleet.publish("n3", {}, { record: { conditions: [condition] } });
  const { code, stdout, stderr } = await fleet.status();
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /shop +db +0\/1 +\d+ +- +Pending +n1: the agent is gone: its rules stay in force, but are not updated/,
  );
  expect(stdout).toMatch(/shop +web +0\/2 +\d+ +- +NoAgent +n2: no agent of Portcullis has ever published/);
  expect(stderr).toContain("note: no agent publishes from 1 node (n2)");
  expect(stderr).toContain("note: the agent is gone from 1 node (n1), heard last 10m ago");
  // What a node publishes that is not there any more is no matter.
  expect(stderr).not.toContain("n3");
  await fleet.live.client.create(resources.nodes, {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n3" },
  });
  expect((await fleet.status()).stderr).toContain(
    "note: n3: the agent is not ready: NftMissing: nft was not found",
  );
});

test("staged policies and those that select nothing have nothing to wait for", async () => {
  await fleet.policy("idle", "nobody");
  await fleet.policy("draft", "web", { "portcullis.dev/mode": "staged" });
  await fleet.publish("n1", { web: "now", db: "now" });
  await fleet.publish("n2", { web: "now" });
  const { code, stdout } = await fleet.status("-n", "shop");
  expect(code).toBe(0);
  expect(stdout).toMatch(/draft +- +\d+ +- +Staged +reported on, not enforced/);
  expect(stdout).toMatch(/idle +0\/0 +\d+ +- +NothingToDo +selects no pod that runs/);
});

test("a policy is found by its name, in the context's namespace or another", async () => {
  await fleet.publish("n1", { web: "now", db: "now" });
  await fleet.publish("n2", { web: "now" });
  const one = await fleet.status("web");
  expect(one.stdout).toMatch(/^NODE +AGENT +STATE .*\nn1 .*\nn2 .*\n$/);
  expect(one.stderr).toBe(
    `shop/web, resourceVersion ${fleet.versions.web}: InForce, in force on 2 of 2 nodes\n`,
  );
  expect((await fleet.status("networkpolicy.networking.k8s.io/web", "shop/db")).stdout).toMatch(
    /^NAMESPACE .*\nshop +db .*\nshop +web .*\n$/,
  );
  const none = await fleet.status("web", "-n", "default");
  expect([none.code, none.stdout, none.stderr]).toEqual([2, "", "error: there is no policy default/web\n"]);
  expect((await fleet.status("a/b/c")).code).toBe(2);
  expect((await fleet.status("-n", "default")).stderr).toBe("No policies found in default namespace.\n");
  expect((await fleet.status("-n", "shop", "-A")).code).toBe(2);
});

test("a deleted policy that a node still enforces is told", async () => {
  await fleet.publish("n1", { web: "now", db: "now" });
  await fleet.publish("n2", { web: "now" });
  await fleet.live.client.delete(resources.networkpolicies, "db", "shop");
  const { code, stdout, stderr } = await fleet.status();
  expect(code).toBe(1);
  expect(stdout).not.toContain("db");
  expect(stderr).toContain(
    `note: a policy that was deleted is still in force, in version ${fleet.versions.db}, on 1 node (n1)`,
  );
});

test("a cluster without agents, without rights or without a server is not there for this: 3", async () => {
  expect(await fleet.status()).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("no agent of Portcullis has published anything in context live"),
  });
  const stranger = fleet.live.kubeconfigWith({ token: "nobody" });
  expect(await fleet.status("--kubeconfig", stranger)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("does not know this user"),
  });
  await fleet.live.create(
    "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: mallory, namespace: shop}\n",
  );
  const powerless = await fleet.live.kubeconfig("shop", "mallory");
  const refused = await fleet.status("--kubeconfig", powerless);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain("portcullis rbac --for status");
  const nobody = fleet.live.kubeconfigWith({ token: "x" }, "shop", { server: "https://127.0.0.1:1" });
  expect((await fleet.status("--kubeconfig", nobody)).code).toBe(3);
  expect((await fleet.status("--wait", "--timeout", "0", "--kubeconfig", nobody)).code).toBe(3);
});
