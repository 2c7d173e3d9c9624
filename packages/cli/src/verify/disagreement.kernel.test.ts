import { randomUUID } from "node:crypto";
import { isConfirmed, type NetworkPolicy, type Verification } from "@portcullis/engine";
import { type SandboxHandle, startSandbox } from "@portcullis/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadManifests } from "../input/load-manifests.ts";
import { expandManifests } from "./expand.ts";
import { runVerify } from "./run-verify.ts";

const text = `
apiVersion: v1
kind: Pod
metadata: {name: server, labels: {app: server}}
spec: {containers: [{name: c, ports: [{containerPort: 80, name: http}]}, {name: d, ports: [{containerPort: 80, name: web}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: friend, labels: {app: friend}}
spec: {containers: [{name: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: stranger, labels: {app: stranger}}
spec: {containers: [{name: c}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: friends-only}
spec:
  podSelector: {matchLabels: {app: server}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: friend}}}]
`;

let sandbox: SandboxHandle;
beforeAll(async () => {
  sandbox = await startSandbox({ name: `verify-${randomUUID().slice(0, 8)}` });
});
afterAll(() => sandbox.stop());

/** The real kernel, and one who reports of it what it did not do: the stranger in, the friend not. */
function slander(handle: SandboxHandle): SandboxHandle {
  const probe: SandboxHandle["probe"] = async (probes) => {
    const results = await handle.probe(probes);
    return results.map((result, index) => {
      const { from, port } = probes[index]!;
      if (from === "node" || port !== 80) return result;
      if (from.name === "stranger" && result.outcome === "timeout")
        return { outcome: "connected", reply: "default/server", milliseconds: 1 };
      if (from.name === "friend" && result.reply === "default/server")
        return { outcome: "timeout", milliseconds: 1 };
      return result;
    });
  };
  return new Proxy(handle, {
    get: (target, name) => {
      if (name === "probe") return probe;
      const value = Reflect.get(target, name) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

test("a disagreement shows the rule, the kernel's chain with its counters, the trace and the drops", async () => {
  const manifests = loadManifests([{ path: "policy.yaml", text }]);
  const verification: Verification = await runVerify(slander(sandbox), new AbortController().signal, {
    standIns: expandManifests(manifests.objects, manifests.raw, 2),
    policies: manifests.objects.filter((object): object is NetworkPolicy => object.kind === "NetworkPolicy"),
    assertions: [],
    ports: [{ protocol: "TCP", port: 80 }],
    progress: { show: () => {}, end: () => {} },
  });
  expect(isConfirmed(verification)).toBe(false);
  const found = (from: string) => verification.disagreements.filter((one) => one.from === `default/${from}`);

  const leak = found("stranger")[0]!;
  expect(leak.decidedBy).toEqual([
    { policy: "default/friends-only", rule: "ingress[0]", file: "policy.yaml", line: 23 },
  ]);
  expect(leak.explanation).toContain("peer needs app=friend");
  expect(leak.kernel.verdict).toBe("drop");
  expect(leak.kernel.dropped).toBeGreaterThan(0);
  expect(leak.kernel.trace.join("\n")).toMatch(/c_ingress rule \d+: ip daddr vmap @ingress_v4 → goto p_/);
  expect(leak.kernel.trace.at(-1)).toMatch(/^c_deny_ingress rule \d+: drop → drop$/);

  const lost = found("friend")[0]!;
  expect(lost).toMatchObject({ observed: "silence", attempts: 2, kernel: { verdict: "accept", dropped: 0 } });
  expect(lost.kernel.trace.at(-1)).toBe("c_allowed rule 0: accept → accept");
  expect(lost.kernel.trace.at(-2)).toContain('comment "default/friends-only ingress[0]"');
  const chain = lost.kernel.chains.find(({ name }) => name.startsWith("p_"))!;
  // Both attempts got in, over each family.
  expect(chain.rules[0]).toMatch(/counter packets [1-9]\d* bytes [1-9]\d* goto c_allowed/);
});
