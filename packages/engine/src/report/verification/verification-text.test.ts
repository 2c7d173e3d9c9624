import { expect, test } from "vitest";
import { sampleVerification } from "./verification.testing.ts";
import { verificationText } from "./verification-text.ts";

test("the whole report", () => {
  expect(verificationText(sampleVerification())).toBe(`\
3 pods, 1 Service, 1 policy: 4 pairs, 1,234 probes

note on shop/web-1

not probed: Pod shop/web-1: it is on the node's network

Pods to pods
from \\ to   shop/api  shop/web-1
shop/api       ·          ✗
shop/web-1    1/4!        ·

Pods to Services
from \\ to   shop/api
shop/api      1/2
shop/web-1     ·

✓ allowed   ✗ denied   80,443 only these ports   12/90 so many connections   · not asked   ! disagreement

DISAGREEMENT shop/web-1 → shop/api-2 (10.244.0.3) on TCP 80
  predicted: silence (dropped)
  observed:  an answer from shop/api-2
  decided by ingress[0] of shop/api (shop/web-1.yaml:7)
  The engine:
    shop/web-1 → shop/api-2: denied

    Ingress: denied
  The kernel's table, evaluated: accept; it counted 0 dropped packets of this flow
    c_ingress rule 0 comment "shop/web-1"
  chain p_1
    tcp dport 80 counter packets 1 bytes 60 accept

Assertions
✓ holds shop/web-1 (a.yaml:4, 2 flows)
✗ fails shop/web-1 (a.yaml:9, 1 flow)
    because shop/web-1

1,234 probes, 1 disagreement with the engine's predictions
2 assertions, 1 failed`);
});

test("every pod when asked for; ports when only some are open", () => {
  const text = verificationText(sampleVerification(), { everyPod: true });
  expect(text).toContain("shop/api-2");
  expect(text).toMatch(/^shop\/web-1 +80 +✗! +·$/m);
});

test("names that do not fit become numbers, and stand at the rows", () => {
  const text = verificationText(sampleVerification(), { width: 30 });
  expect(text).toMatch(/^from \\ to +1 +2$/m);
  expect(text).toMatch(/^1 shop\/api +· +✗$/m);
});

test("many workloads are summed up by namespace", () => {
  const many = Array.from({ length: 40 }, (_, index) => ({
    name: `ns-${index % 2}/pod-${index}`,
    group: `ns-${index % 2}/pod-${index}`,
    addresses: [],
  }));
  const text = verificationText({
    ...sampleVerification(),
    pods: many,
    services: [],
    pairs: [
      {
        from: "ns-0/pod-0",
        to: "ns-1/pod-1",
        kind: "pod",
        ports: [{ protocol: "TCP", port: 80, predicted: "allow", confirmed: true }],
      },
    ],
  });
  expect(text).toContain("by namespace");
  expect(text).toMatch(/^ns-0 +· +✓$/m);
});

test("what is in the user's files cannot write to the terminal", () => {
  const text = verificationText(sampleVerification("a\u001b[2J\u0007b\u0085"));
  expect(text.replace(/\n/g, "")).not.toMatch(/\p{Cc}/u);
});
