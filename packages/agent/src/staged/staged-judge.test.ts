import { Cluster, type FlowRecord, type NetworkPolicy, objectFromApi } from "@portcullis/engine";
import { flowEnd, flowRecord } from "@portcullis/engine/testing";
import { expect, test } from "vitest";
import { StagedJudge } from "./staged-judge.ts";

const pod = (name: string, ip: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { namespace: "shop", name, labels: { app: name } },
  spec: { containers: [{ name: "c" }] },
  status: { phase: "Running", podIPs: [{ ip }] },
});

const policy = (name: string, app: string, port: number, mode?: string) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { namespace: "shop", name, ...(mode && { annotations: { "portcullis.dev/mode": mode } }) },
  spec: { podSelector: { matchLabels: { app } }, ingress: [{ ports: [{ port }] }] },
});

const record = (more: Partial<FlowRecord> = {}): FlowRecord =>
  flowRecord(flowEnd("10.0.0.1"), flowEnd("10.0.0.2", "shop/db"), 80, { count: 3, ...more });

function judgeOf(...objects: readonly object[]): { judge: StagedJudge; cluster: Cluster } {
  const cluster = new Cluster();
  for (const each of [pod("web", "10.0.0.1"), pod("db", "10.0.0.2"), ...objects])
    cluster.upsert(objectFromApi(each).object!);
  return { judge: new StagedJudge(cluster), cluster };
}

test("an allowed flow that a staged policy would drop is told with that policy and the nearest miss", () => {
  const { judge } = judgeOf(policy("open", "web", 1), policy("staged", "db", 81, "staged"));
  expect(judge.judge(record())).toEqual({
    ...record(),
    verdict: "would-be-denied",
    denied: {
      direction: "Ingress",
      policies: ["shop/staged"],
      reason: "no-match",
      nearest: "ingress[0] of shop/staged: takes any peer but only port TCP 81",
    },
  });
});

test("what they let pass, what is denied anyway, and what no policy can name", () => {
  const { judge, cluster } = judgeOf(policy("staged", "db", 81, "staged"));
  expect(judge.judge(record({ port: 81 }))).toBeUndefined();
  expect(judge.judge(record({ verdict: "denied" }))).toBeUndefined();
  expect(judge.judge(record({ protocol: "47", port: 0 }))?.verdict).toBe("would-be-denied");
  const enforced = objectFromApi(policy("enforced", "db", 82)).object as NetworkPolicy;
  cluster.upsert(enforced);
  expect(judge.judge(record())).toBeUndefined();
  cluster.delete("NetworkPolicy", "shop", "enforced");
  cluster.delete("NetworkPolicy", "shop", "staged");
  expect(judge.judge(record())).toBeUndefined();
});
