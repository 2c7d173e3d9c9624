import { type KubeObject, resources } from "@portcullis/kube";
import { type SandboxHandle, startSandbox } from "@portcullis/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";

const name = `status-${process.pid}`;
let sandbox: SandboxHandle;
let address: string;

beforeAll(async () => {
  sandbox = await startSandbox({ name });
  const pods = ["client", "server"].map((pod) => ({ namespace: "default", name: pod }));
  for (const { name: pod } of pods) await sandbox.client.create(resources.pods, echo(pod));
  await sandbox.running(pods);
  const { status } = await sandbox.client.get(resources.pods, "server", "default");
  address = (status as { podIP: string }).podIP;
}, 60_000);

afterAll(() => sandbox.stop());

test("apply, status --wait, curl: what comes after meets the new rules, every time", async () => {
  for (let round = 0; round < 3; round++) {
    // By the API alone, as kubectl does it: nobody waits for anything but `status --wait`.
    await sandbox.client.create(resources.networkpolicies, denyAll);
    expect(await status("--wait")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^1 policy is in force on 1 node /),
    });
    expect(await outcome()).toBe("timeout");
    await sandbox.client.delete(resources.networkpolicies, "deny-all", "default");
    expect((await status("--wait")).code).toBe(0);
    expect(await outcome()).toBe("connected");
  }
});

test("status shows it node by node, and what selects nothing is nothing to wait for", async () => {
  await sandbox.client.create(resources.networkpolicies, denyAll);
  const idle = {
    ...denyAll,
    metadata: { name: "idle", namespace: "default" },
    spec: { podSelector: { matchLabels: { app: "none" } } },
  };
  await sandbox.client.create(resources.networkpolicies, idle);
  expect((await status("--wait")).stdout).toMatch(
    /^1 policy is in force on 1 node; 1 policy selects no pod /,
  );
  expect((await status("deny-all")).stdout).toMatch(/^NODE .*\nportcullis +Ready +InForce +\d+ +\d+s +2\n$/);
});

async function status(...words: readonly string[]) {
  const io = new MemoryIo();
  const code = await run(["status", ...words, "--name", name], io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

async function outcome(): Promise<string | undefined> {
  const from = { namespace: "default", name: "client" };
  const [result] = await sandbox.probe([{ from, address, port: 80, protocol: "TCP", timeoutMs: 300 }]);
  return result?.outcome;
}

function echo(pod: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: pod, namespace: "default" },
    spec: { containers: [{ name: "c", image: "portcullis/echo", ports: [{ containerPort: 80 }] }] },
  };
}

const denyAll: KubeObject = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "deny-all", namespace: "default" },
  spec: { podSelector: {}, policyTypes: ["Ingress"] },
};
