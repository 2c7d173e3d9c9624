import { leaseWith, type NodeRecord, policyId } from "@portcullis/agent";
import { type KubeObject, resources } from "@portcullis/kube";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";
import { LiveCluster } from "../world/live-cluster.testing.ts";
import { recordOf } from "./fleet.testing.ts";

// Against a real API and as a user with exactly the rights that `portcullis rbac --for status` prints. What agents publish
// is written by hand.

const live = new LiveCluster();
const agents = "kube-system";
let kubeconfig: string;
/** `namespace/name` → resourceVersion. */
let versions: Record<string, number>;

beforeAll(async () => {
  await live.start();
  await live.create("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
  const io = new MemoryIo();
  await run(["rbac", "--for", "status", "-n", "kube-system"], io);
  await live.create(io.stdout);
  kubeconfig = await live.kubeconfig("kube-system", "portcullis-status", "shop");
});

afterAll(() => live.stop());

/** Two nodes; web is selected on both, by policies `web` (both) and `db` (n1 only). */
beforeEach(async () => {
  versions = {};
  for (const resource of [resources.networkpolicies, resources.pods, resources.leases, resources.nodes])
    for (const { metadata } of (await live.client.list(resource)).items)
      await live.client.delete(resource, metadata.name, metadata.namespace, { gracePeriodSeconds: 0 });
  for (const name of ["n1", "n2"])
    await live.client.create(resources.nodes, { apiVersion: "v1", kind: "Node", metadata: { name } });
  await pod("web-1", "web", "n1", "10.0.0.1");
  await pod("web-2", "web", "n2", "10.0.1.1");
  await pod("db-1", "db", "n1", "10.0.0.2");
  await policy("web", "web");
  await policy("db", "db");
});

describe("portcullis status", () => {
  test("in force: on how many nodes, in which version, since when", async () => {
    await publish("n1", { web: "now", db: "now" });
    await publish("n2", { web: "now" });
    const { code, stdout, stderr } = await status();
    expect(stdout.split("\n").map((line) => line.replace(/ 9\ds /, " AGE ").replaceAll(/ +/g, " "))).toEqual([
      "NAMESPACE NAME NODES REVISION SINCE STATE REASON",
      `shop db 1/1 ${versions.db} AGE InForce`,
      `shop web 2/2 ${versions.web} AGE InForce`,
      "",
    ]);
    expect([code, stderr]).toEqual([0, ""]);
  });

  test("every output says the same, with the same exit code", async () => {
    await publish("n1", { web: "now" });
    await publish("n2", { web: "before" });
    const [wide, csv, name, json, yaml] = await Promise.all(
      ["wide", "csv", "name", "json", "yaml"].map((form) => status("web", "-o", form)),
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
            { node: "n2", state: "Pending", resourceVersion: String(versions.web! - 1) },
          ],
        },
      ],
      nodes: [
        { name: "n1", agent: "Ready" },
        { name: "n2", agent: "Ready" },
      ],
    });
    expect(yaml?.stdout).toContain("  state: Pending\n");
    expect((await status("web", "--exit-zero")).code).toBe(0);
  });

  test("nodes without an agent, agents that are gone or not ready are told, and what they mean for policies", async () => {
    const condition = {
      type: "NftMissing",
      reason: "NotFound",
      message: "nft was not found",
      sinceMs: 1,
      blocksReadiness: true,
    };
    await publish("n1", {}, { agoMs: 600_000 });
    await publish("n3", {}, { record: { conditions: [condition] } });
    const { code, stdout, stderr } = await status();
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /shop +db +0\/1 +\d+ +- +Pending +n1: the agent is gone: its rules stay in force, but are not updated/,
    );
    expect(stdout).toMatch(/shop +web +0\/2 +\d+ +- +NoAgent +n2: no agent of Portcullis has ever published/);
    expect(stderr).toContain("note: no agent publishes from 1 node (n2)");
    expect(stderr).toContain("note: the agent is gone from 1 node (n1), heard last 10m ago");
    // What a node publishes that is not there any more is no matter.
    expect(stderr).not.toContain("n3");
    await live.client.create(resources.nodes, { apiVersion: "v1", kind: "Node", metadata: { name: "n3" } });
    expect((await status()).stderr).toContain(
      "note: n3: the agent is not ready: NftMissing: nft was not found",
    );
  });

  test("staged policies and those that select nothing have nothing to wait for", async () => {
    await policy("idle", "nobody");
    await policy("draft", "web", { "portcullis.dev/mode": "staged" });
    await publish("n1", { web: "now", db: "now" });
    await publish("n2", { web: "now" });
    const { code, stdout } = await status("-n", "shop");
    expect(code).toBe(0);
    expect(stdout).toMatch(/draft +- +\d+ +- +Staged +reported on, not enforced/);
    expect(stdout).toMatch(/idle +0\/0 +\d+ +- +NothingToDo +selects no pod that runs/);
  });

  test("a policy is found by its name, in the context's namespace or another", async () => {
    await publish("n1", { web: "now", db: "now" });
    await publish("n2", { web: "now" });
    const one = await status("web");
    expect(one.stdout).toMatch(/^NODE +AGENT +STATE .*\nn1 .*\nn2 .*\n$/);
    expect(one.stderr).toBe(`shop/web, resourceVersion ${versions.web}: InForce, in force on 2 of 2 nodes\n`);
    expect((await status("networkpolicy.networking.k8s.io/web", "shop/db")).stdout).toMatch(
      /^NAMESPACE .*\nshop +db .*\nshop +web .*\n$/,
    );
    const none = await status("web", "-n", "default");
    expect([none.code, none.stdout, none.stderr]).toEqual([2, "", "error: there is no policy default/web\n"]);
    expect((await status("a/b/c")).code).toBe(2);
    expect((await status("-n", "default")).stderr).toBe("No policies found in default namespace.\n");
    expect((await status("-n", "shop", "-A")).code).toBe(2);
  });

  test("a deleted policy that a node still enforces is told", async () => {
    await publish("n1", { web: "now", db: "now" });
    await publish("n2", { web: "now" });
    await live.client.delete(resources.networkpolicies, "db", "shop");
    const { code, stdout, stderr } = await status();
    expect(code).toBe(1);
    expect(stdout).not.toContain("db");
    expect(stderr).toContain(
      `note: a policy that was deleted is still in force, in version ${versions.db}, on 1 node (n1)`,
    );
  });

  test("a cluster without agents, without rights or without a server is not there for this: 3", async () => {
    expect(await status()).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("no agent of Portcullis has published anything in context live"),
    });
    const stranger = live.kubeconfigWith({ token: "nobody" });
    expect(await status("--kubeconfig", stranger)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("does not know this user"),
    });
    await live
      .create("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: mallory, namespace: shop}\n")
      .catch(() => {});
    const powerless = await live.kubeconfig("shop", "mallory");
    const refused = await status("--kubeconfig", powerless);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain("portcullis rbac --for status");
    const nobody = live.kubeconfigWith({ token: "x" }, "shop", { server: "https://127.0.0.1:1" });
    expect((await status("--kubeconfig", nobody)).code).toBe(3);
    expect((await status("--wait", "--timeout", "0", "--kubeconfig", nobody)).code).toBe(3);
  });
});

describe("portcullis status --wait", () => {
  test("ends when the last node that needs it has it, and waits for no other", async () => {
    await publish("n1", { web: "now", db: "now" });
    await publish("n2", { web: "before" });
    let ended = false;
    const waiting = status("--wait").then((result) => {
      ended = true;
      return result;
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(ended).toBe(false);
    await publish("n2", { web: "now" });
    const { code, stdout } = await waiting;
    expect(stdout).toMatch(/^2 policies are in force on 2 nodes \(\d+\.\d s\)\n$/);
    expect(code).toBe(0);
  });

  test("a policy that changes or goes while it is waited for is waited for no more in its former version", async () => {
    await publish("n1", { web: "now", db: "now" });
    await publish("n2", { web: "before" });
    const waiting = status("--wait", "web");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await publish("n2", { web: versions.web! + 50 });
    expect((await waiting).code).toBe(0);
  });

  test("a deletion is waited for: of all, and of one by its name", async () => {
    await publish("n1", { web: "now", db: "now" });
    await publish("n2", { web: "now" });
    await live.client.delete(resources.networkpolicies, "db", "shop");
    const [late, named] = await Promise.all([
      status("--wait", "--timeout", "100ms"),
      status("--wait", "--timeout", "100ms", "db"),
    ]);
    expect([late?.code, named?.code]).toEqual([1, 1]);
    expect(late?.stderr).toContain("a policy that was deleted is still in force on n1");
    expect(named?.stderr).toContain("shop/db that was deleted is still in force on n1");
    const both = Promise.all([status("--wait"), status("--wait", "db")]);
    await publish("n1", { web: "now" });
    const [all, one] = await both;
    expect([all?.code, one?.code]).toEqual([0, 0]);
    expect(one?.stdout).toMatch(/^shop\/db: not there, and in force nowhere \(/);
  });

  test("who may read one namespace only waits for its policies, and for a deleted one by its name", async () => {
    await publish("n1", { web: "now", db: "now" });
    await publish("n2", { web: "now" });
    await live.client.delete(resources.networkpolicies, "db", "shop");
    const own = [
      "--kubeconfig",
      await kubeconfigOfShop(),
      "--wait",
      "--timeout",
      "0",
      "-n",
      "shop",
      "--agent-namespace",
      agents,
    ];
    expect((await status(...own)).code).toBe(0);
    expect(await status(...own, "db")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("shop/db that was deleted"),
    });
  });

  test("at the time-out it says who is missing, and why", async () => {
    await publish("n1", { web: "now" }, { agoMs: 60_000 });
    const { code, stdout, stderr } = await status("--wait", "--timeout", "50ms");
    expect(code).toBe(1);
    expect(stdout).toMatch(/shop +web +1\/2 +\d+ +- +NoAgent +n2: no agent/);
    expect(stderr).toContain("error: not in force after 0.05 s:\n");
    expect(stderr).toContain("shop/db: Pending (0 of 1 node): n1: the agent is gone");
    expect(JSON.parse((await status("--wait", "--timeout", "0", "-o", "json")).stdout)).toMatchObject({
      policies: [{ name: "db" }, { name: "web" }],
    });
  });

  test("an agent that comes only now is waited for; where pods go away there is nothing to wait for", async () => {
    await publish("n1", { web: "now", db: "now" });
    const waiting = status("--wait", "--timeout", "20s");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await publish("n2", { web: "now" });
    expect((await waiting).code).toBe(0);
    await live.client.delete(resources.leases, "portcullis-n2", agents);
    await live.client.delete(resources.pods, "web-2", "shop", { gracePeriodSeconds: 0 });
    expect((await status("--wait")).code).toBe(0);
  });

  test("Ctrl-C ends it with 130", async () => {
    await publish("n1", {});
    const waiting = status("--wait");
    await new Promise((resolve) => setTimeout(resolve, 150));
    process.emit("SIGINT");
    expect((await waiting).code).toBe(130);
  });
});

/** Of a user who may list the policies and pods of `shop`, and the agents' Leases: no nodes, nothing elsewhere. */
async function kubeconfigOfShop(): Promise<string> {
  const role = (namespace: string, name: string, rule: string) => `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: ${name}, namespace: ${namespace}}
rules: [${rule}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: ${name}, namespace: ${namespace}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${name}}
subjects: [{kind: ServiceAccount, name: team, namespace: shop}]
---`;
  await live.create(
    "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: team, namespace: shop}\n---" +
      role(
        "shop",
        "policies",
        "{apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [list]}",
      ) +
      role("shop", "pods", '{apiGroups: [""], resources: [pods], verbs: [list]}') +
      role(
        agents,
        "records",
        "{apiGroups: [coordination.k8s.io], resources: [leases], verbs: [list, watch]}",
      ).replace(/---$/, ""),
  );
  return live.kubeconfig("shop", "team", "shop");
}

async function status(...words: readonly string[]) {
  const io = new MemoryIo();
  const own = words.includes("--kubeconfig") ? [] : ["--kubeconfig", kubeconfig];
  const code = await run(["status", ...words, ...own], io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

async function policy(
  name: string,
  app: string,
  annotations: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { metadata } = await live.client.create(resources.networkpolicies, {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace: "shop", annotations },
    spec: { podSelector: { matchLabels: { app } }, policyTypes: ["Ingress"] },
  });
  versions[name] = Number(metadata.resourceVersion);
}

async function pod(name: string, app: string, nodeName: string, ip: string): Promise<void> {
  const made = await live.client.create(resources.pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", labels: { app } },
    spec: { nodeName, containers: [{ name: "c", image: "nginx" }] },
  });
  await live.client.update(
    resources.pods,
    { ...made, status: { phase: "Running", podIPs: [{ ip }] } },
    "status",
  );
}

/** What the node's agent would: these policies of `shop` select pods of it, in their present version or the one before. */
async function publish(
  nodeName: string,
  policies: Readonly<Record<string, "now" | "before" | number>>,
  { agoMs = 0, record = {} }: { readonly agoMs?: number; readonly record?: Partial<NodeRecord> } = {},
): Promise<void> {
  const selected = Object.entries(policies).map(([name, which]) => {
    const present = versions[name] ?? 0;
    const version = typeof which === "number" ? which : which === "now" ? present : present - 1;
    return { id: policyId(`shop/${name}`), resourceVersion: BigInt(version), pods: 1 };
  });
  // The newest that it enforces; with none, what was before all of them.
  const revision = Math.max(1, ...selected.map(({ resourceVersion }) => Number(resourceVersion)));
  const log = [{ revision: String(revision), sinceMs: Date.now() - 90_000 }];
  const stored = await live.client
    .get(resources.leases, `portcullis-${nodeName}`, agents)
    .catch((): KubeObject | undefined => undefined);
  const lease = leaseWith(stored, {
    nodeName,
    nodeUid: "00000000-0000-0000-0000-000000000000",
    namespace: agents,
    record: recordOf(revision, {}, { selected, log, ...record }),
    acquiredMs: Date.now() - agoMs,
    renewedMs: Date.now() - agoMs,
    validSeconds: 40,
  });
  await (stored === undefined
    ? live.client.create(resources.leases, lease)
    : live.client.update(resources.leases, lease));
}
