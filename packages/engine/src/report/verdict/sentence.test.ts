import { expect, test } from "vitest";
import { flow, node, pod } from "../../cluster/objects.testing.ts";
import { sentence } from "./sentence.ts";
import { type files, tutorial } from "./tutorial.testing.ts";

const [deny, frontend, backend] = ["default-deny.yaml", "frontend-policy.yaml", "backend-policy.yaml"];

const cases: [string, string, number, (string | undefined)[], string][] = [
  [
    "default/frontend",
    "default/backend",
    80,
    [],
    "default/frontend may reach default/backend on TCP 80: no policy isolates default/frontend for egress or default/backend for ingress.",
  ],
  [
    "default/frontend",
    "default/backend",
    80,
    [deny],
    "default/frontend may not reach default/backend on TCP 80: default/default-deny isolates default/frontend for egress and no rule lets it out to default/backend; default/default-deny isolates default/backend for ingress and no rule lets default/frontend in.",
  ],
  [
    "default/frontend",
    "default/backend",
    80,
    [deny, frontend],
    "default/frontend may not reach default/backend on TCP 80: default/default-deny isolates default/backend for ingress and no rule lets default/frontend in, although default/frontend-policy lets it out.",
  ],
  [
    "default/frontend",
    "default/backend",
    80,
    [deny, frontend, backend],
    "default/frontend may reach default/backend on TCP 80: default/frontend-policy lets it out and default/backend-policy lets it in.",
  ],
  [
    "default/frontend",
    "default/backend",
    0,
    [frontend, backend],
    "default/frontend may not reach default/backend by ICMP: default/backend-policy isolates default/backend for ingress and no rule lets default/frontend in, although default/frontend-policy lets it out.",
  ],
  [
    "default/backend",
    "default/frontend",
    80,
    [frontend],
    "default/backend may reach default/frontend on TCP 80: no policy isolates default/backend for egress or default/frontend for ingress.",
  ],
  [
    "default/frontend",
    "8.8.8.8",
    443,
    [frontend],
    "default/frontend may not reach 8.8.8.8 on TCP 443: default/frontend-policy isolates default/frontend for egress and no rule lets it out to 8.8.8.8.",
  ],
  [
    "8.8.8.8",
    "default/backend",
    80,
    [deny, backend],
    "8.8.8.8 may not reach default/backend on TCP 80: default/backend-policy and default/default-deny isolate default/backend for ingress and no rule lets 8.8.8.8 in.",
  ],
  [
    "172.17.0.9",
    "default/frontend",
    80,
    [backend],
    "172.17.0.9 may reach default/frontend on TCP 80: no policy isolates default/frontend for ingress.",
  ],
  [
    "default/backend",
    "default/backend",
    80,
    [deny],
    "default/backend may reach default/backend on TCP 80: a pod may always reach itself.",
  ],
  [
    "8.8.8.8",
    "9.9.9.9",
    80,
    [deny],
    "8.8.8.8 may reach 9.9.9.9 on TCP 80: policies apply to neither of them.",
  ],
];

test.each(cases)("%s to %s, port %i, with %j", (from, to, port, names, expected) => {
  const cluster = tutorial(...(names as (keyof typeof files)[]));
  expect(sentence(cluster.evaluate(flow(cluster, from, to, port)))).toBe(expected);
});

test("a node and its pod", () => {
  const cluster = tutorial("default-deny.yaml");
  cluster.upsert(node("n1", ["192.168.0.1"]));
  cluster.upsert(pod("default/probed", {}, ["10.1.0.9"], { nodeName: "n1" }));
  expect(sentence(cluster.evaluate(flow(cluster, "192.168.0.1", "default/probed", 80)))).toBe(
    "192.168.0.1 may reach default/probed on TCP 80: a node may always reach its own pods.",
  );
});

test("many policies are counted", () => {
  const cluster = tutorial("default-deny.yaml");
  const [policy] = cluster.policies();
  for (let i = 0; i < 4; i++) cluster.upsert({ ...policy!, name: `deny-${i}` });
  expect(sentence(cluster.evaluate(flow(cluster, "8.8.8.8", "default/backend", 80)))).toContain(
    "default/default-deny, default/deny-0 and 3 more isolate default/backend for ingress",
  );
});
