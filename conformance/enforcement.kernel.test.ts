import { resources } from "@portcullis/kube";
import { type PodRef, type ProbeResult, type SandboxHandle, startSandbox } from "@portcullis/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// What enforcement promises while policies change, shown with real packets.

let sandbox: SandboxHandle;
const pod = (name: string): PodRef => ({ namespace: "default", name });

beforeAll(async () => {
  sandbox = await startSandbox({ name: `conformance-${process.pid}` });
  await createPod("server", { image: "busybox", command: [process.execPath, "-e", tickingServer] });
  await createPod("target", {
    image: "portcullis/echo",
    ports: [{ containerPort: 80 }, { containerPort: 81 }],
  });
  for (const name of ["friend", "stranger"]) await createPod(name, { image: "busybox" });
  await sandbox.running(["server", "target", "friend", "stranger"].map(pod));
});

afterAll(() => sandbox?.stop());

describe("a connection that is open when a policy denies it", () => {
  test("stops carrying data in both directions, and one that stays allowed survives", async () => {
    const server = await addressOf("server");
    await listening(server, 7000);
    const talk = (name: string) =>
      sandbox.exec(pod(name), [process.execPath, "-e", talkingClient, server, "3000"], { timeoutMs: 20_000 });
    const [friend, stranger] = [talk("friend"), talk("stranger")];
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await sandbox.enforced(await write(ingressPolicy("server-policy", "server", ["friend"], [7000])));
    const enforcedAt = Date.now();

    const [survived, cut] = [await friend, await stranger].map(({ stdout, stderr }) => {
      expect(stderr).toBe("");
      return JSON.parse(stdout) as { heard: number[]; ended: number };
    });
    expect(survived!.heard.filter((at) => at > enforcedAt).length).toBeGreaterThan(20);
    // It did talk before; and nothing came after, though the server went on speaking without being asked.
    expect(cut!.heard.filter((at) => at < enforcedAt).length).toBeGreaterThan(20);
    expect(cut!.ended - enforcedAt).toBeGreaterThan(1_000);
    expect(cut!.heard.filter((at) => at > enforcedAt + 20)).toEqual([]);
    await remove("server-policy");
  });
});

describe("while a policy is replaced 200 times under load", () => {
  test("no forbidden connection passes and no allowed one fails", async () => {
    const target = await addressOf("target");
    await sandbox.enforced(await write(variant(0)));
    let replacing = true;
    const load = async (from: string, port: number, timeoutMs: number): Promise<ProbeResult[]> => {
      const results: ProbeResult[] = [];
      while (replacing) {
        const probe = { from: pod(from), address: target, port, protocol: "TCP" as const, timeoutMs };
        results.push(...(await sandbox.probe(Array(8).fill(probe))));
        // Enough to meet every moment of an update, and not so much that the load is all that is measured.
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return results;
    };
    const running = Promise.all([
      load("friend", 80, 5_000),
      load("stranger", 80, 300),
      load("friend", 81, 300),
    ]);
    for (let i = 1; i <= 200; i += 1) await sandbox.enforced(await write(variant(i)));
    replacing = false;
    const [allowed, otherPod, otherPort] = await running;

    expect(outcomes(allowed!)).toEqual(["connected"]);
    expect(outcomes(otherPod!)).toEqual(["timeout"]);
    expect(outcomes(otherPort!)).toEqual(["timeout"]);
    expect(allowed!.length).toBeGreaterThan(200);
    expect(otherPod!.length).toBeGreaterThan(20);
    await remove("target-policy");
  });

  /** Always friend on port 80 and nobody else, said differently each time. */
  function variant(i: number) {
    const others = [`nobody-${i}`, `nobody-${i % 7}`];
    const names = i % 2 === 0 ? ["friend", ...others] : [...others, "friend"];
    const ports = i % 3 === 0 ? [80] : [1_000 + (i % 5), 80];
    return ingressPolicy("target-policy", "target", names, ports);
  }
});

describe("a pod", () => {
  test("that is deleted leaves no open connection to whoever gets its address next", async () => {
    await createPod("short-lived", { image: "portcullis/echo", ports: [{ containerPort: 80 }] });
    await sandbox.running([pod("short-lived")]);
    const address = await addressOf("short-lived");
    const probe = { from: pod("friend"), address, port: 80, protocol: "TCP" as const };
    expect((await sandbox.probe([probe]))[0]?.outcome).toBe("connected");
    await sandbox.enforced(await sandbox.client.delete(resources.pods, "short-lived", "default"));
    expect((await sandbox.probe([{ ...probe, timeoutMs: 500 }]))[0]?.outcome).not.toBe("connected");
  });
});

function ingressPolicy(name: string, to: string, from: readonly string[], ports: readonly number[]) {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace: "default" },
    spec: {
      podSelector: { matchLabels: { name: to } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: from.map((label) => ({ podSelector: { matchLabels: { name: label } } })),
          ports: ports.map((port) => ({ protocol: "TCP", port })),
        },
      ],
    },
  };
}

type Policy = ReturnType<typeof ingressPolicy>;

async function write(policy: Policy) {
  const { client } = sandbox;
  const found = await client
    .get(resources.networkpolicies, policy.metadata.name, "default")
    .catch(() => undefined);
  return found === undefined
    ? client.create(resources.networkpolicies, policy)
    : client.update(resources.networkpolicies, { ...found, spec: policy.spec });
}

async function remove(name: string): Promise<void> {
  await sandbox.enforced(await sandbox.client.delete(resources.networkpolicies, name, "default"));
}

async function createPod(name: string, container: Record<string, unknown>): Promise<void> {
  await sandbox.client.create(resources.pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { name } },
    spec: { containers: [{ name: "main", ...container }] },
  });
}

async function addressOf(name: string): Promise<string> {
  const { status } = await sandbox.client.get(resources.pods, name, "default");
  return (status as { podIP: string }).podIP;
}

function outcomes(results: readonly ProbeResult[]): readonly string[] {
  return [...new Set(results.map(({ outcome }) => outcome))];
}

/** Speaks every 20 ms whether asked or not, so that a connection that was cut could be revived from its side. */
/** A pod that runs may still be on its way to listen. */
async function listening(address: string, port: number): Promise<void> {
  const asked = { from: pod("friend"), address, port, protocol: "TCP" as const };
  await expect
    .poll(async () => (await sandbox.probe([asked]))[0]?.outcome, { timeout: 20_000 })
    .toBe("connected");
}

const tickingServer = `
require("node:net").createServer((socket) => {
  const timer = setInterval(() => socket.write("tick\\n"), 20);
  socket.on("error", () => {}).on("close", () => clearInterval(timer)).resume();
}).listen(7000, "::");
`;

/** Speaks every 20 ms for argv[2] milliseconds after the first word, and tells when it heard something. */
const talkingClient = `
const heard = [];
const socket = require("node:net").connect(7000, process.argv[1]);
socket.on("error", () => {}).on("data", () => heard.push(Date.now()));
const timer = setInterval(() => socket.write("ping\\n"), 20);
setTimeout(() => {
  clearInterval(timer);
  process.stdout.write(JSON.stringify({ heard, ended: Date.now() }), () => process.exit(0));
}, Number(process.argv[2]));
`;
