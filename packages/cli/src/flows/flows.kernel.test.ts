// From recorded packets to policies and back, with real ones: traffic → flows → suggest → default-deny and what was
// suggested: the same traffic passes, other traffic does not; and what staged policies would drop passes and is told.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type SandboxHandle, startSandbox } from "@portcullis/sandbox";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";

const name = `flows-${process.pid}`;
const folder = mkdtempSync(path.join(tmpdir(), "portcullis-flows-"));
const file = (text: string, called = "a.yaml") => {
  writeFileSync(path.join(folder, called), text);
  return path.join(folder, called);
};

let sandbox: SandboxHandle;
const addresses = new Map<string, readonly string[]>();

async function portcullis(args: readonly string[], stdin = "") {
  const io = new MemoryIo(stdin);
  const code = await run([...args, "--name", name], io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

const pod = (app: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${app}, namespace: shop, labels: {app: ${app}}}
spec: {containers: [{name: main, image: portcullis/echo, ports: [{containerPort: 80}, {containerPort: 81}, {containerPort: 53, protocol: UDP}]}]}
---
`;

beforeAll(async () => {
  sandbox = await startSandbox({ name, flows: true });
  const pods = ["web", "db", "log"];
  const namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n";
  const applied = await portcullis(["apply", "-f", file(namespace + pods.map(pod).join(""))]);
  expect(applied.stderr).toBe("");
  await sandbox.running(pods.map((each) => ({ namespace: "shop", name: each })));
  const { stdout } = await portcullis(["get", "pods", "-n", "shop", "-o", "json"]);
  const { items } = JSON.parse(stdout) as {
    items: { metadata: { name: string }; status: { podIPs: { ip: string }[] } }[];
  };
  for (const { metadata, status } of items)
    addresses.set(
      metadata.name,
      status.podIPs.map(({ ip }) => ip),
    );
});

afterAll(async () => {
  await sandbox?.stop();
  rmSync(folder, { recursive: true });
});

type Connection = readonly [from: string, to: string, port: number, protocol: "TCP" | "UDP", family: 0 | 1];
const traffic: readonly Connection[] = [
  ["web", "db", 80, "TCP", 0],
  ["web", "db", 80, "TCP", 1],
  ["web", "log", 53, "UDP", 0],
  ["log", "web", 81, "TCP", 0],
];
const other: readonly Connection[] = [
  ["web", "db", 81, "TCP", 0],
  ["db", "web", 80, "TCP", 1],
  ["log", "db", 80, "TCP", 0],
  ["web", "log", 80, "TCP", 0],
];

async function passes(connections: readonly Connection[], timeoutMs: number): Promise<readonly boolean[]> {
  const results = await sandbox.probe(
    connections.map(([from, to, port, protocol, family]) => ({
      from: { namespace: "shop", name: from },
      address: addresses.get(to)![family]!,
      port,
      protocol,
      timeoutMs,
    })),
  );
  return results.map(({ outcome }) => outcome === "connected");
}

const all = (connections: readonly Connection[], pass: boolean) => connections.map(() => pass);

test("what was recorded is suggested, passes under it, and nothing else does", async () => {
  expect(await passes(traffic, 3_000)).toEqual(all(traffic, true));
  const flows = await vi.waitFor(
    async () => {
      const found = await portcullis(["flows", "-o", "json", "-n", "shop"]);
      expect(found.stdout.trim().split("\n").length).toBe(traffic.length);
      return found;
    },
    { timeout: 10_000, interval: 250 },
  );
  const suggested = await portcullis(["suggest", "-"], flows.stdout);
  expect(suggested.code).toBe(0);
  const deny = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
`;
  expect((await portcullis(["apply", "-f", file(deny)])).code).toBe(0);
  expect((await portcullis(["replay", "-"], flows.stdout)).code).toBe(1);
  expect((await portcullis(["apply", "-f", file(suggested.stdout)])).code).toBe(0);
  expect((await portcullis(["replay", "-"], flows.stdout)).code).toBe(0);
  expect(await passes(traffic, 3_000)).toEqual(all(traffic, true));
  expect(await passes(other, 300)).toEqual(all(other, false));
  const because = '"direction":"Egress","policies":["shop/db","shop/default-deny"]';
  const ofDb = ["flows", "--verdict", "denied", "--pod", "shop/db", "-o", "json"];
  await vi.waitFor(async () => expect((await portcullis(ofDb)).stdout).toContain(because), {
    timeout: 10_000,
    interval: 250,
  });
});

test("a staged policy lets pass what it would deny, and names it", async () => {
  const staged = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: staged, namespace: default, annotations: {portcullis.dev/mode: staged}}
spec: {podSelector: {}, policyTypes: [Ingress]}
`;
  const bare = pod("bare").replaceAll("shop", "default");
  expect((await portcullis(["apply", "-f", file(`${staged}---\n${bare}`)])).code).toBe(0);
  const at = { namespace: "default", name: "bare" };
  await sandbox.running([at]);
  const { stdout } = await portcullis(["get", "pod", "bare", "-o", "json"]);
  const { podIP } = (JSON.parse(stdout) as { status: { podIP: string } }).status;
  // Not from its own node, which may always.
  const second = pod("second").replaceAll("shop", "default");
  await portcullis(["apply", "-f", file(second)]);
  await sandbox.running([{ namespace: "default", name: "second" }]);
  const [result] = await sandbox.probe([
    { from: { namespace: "default", name: "second" }, address: podIP, port: 80, protocol: "TCP" },
  ]);
  expect(result?.outcome).toBe("connected");
  const words =
    /would-be-denied +default\/second +default\/bare +TCP 80 +1 +ingress isolated by default\/staged/;
  await vi.waitFor(
    async () => expect((await portcullis(["flows", "--verdict", "would-be-denied"])).stdout).toMatch(words),
    { timeout: 10_000, interval: 250 },
  );
});
