import { expect, test } from "vitest";
import { flow } from "../../cluster/objects.testing.ts";
import { files, tutorial } from "./tutorial.testing.ts";
import { verdictJson } from "./verdict-json.ts";

test("an allowed flow, with places", () => {
  const cluster = tutorial(...Object.keys(files));
  const json = verdictJson(cluster.evaluate(flow(cluster, "default/frontend", "10.1.0.2", 8000)));
  expect(JSON.parse(JSON.stringify(json))).toEqual({
    allowed: true,
    sentence:
      "default/frontend may reach default/backend on TCP 8000: default/frontend-policy lets it out and default/backend-policy lets it in.",
    source: { pod: "default/frontend", address: "10.1.0.1" },
    destination: { pod: "default/backend", address: "10.1.0.2" },
    protocol: "TCP",
    port: 8000,
    egress: {
      direction: "Egress",
      allowed: true,
      reason: "rule",
      isolatedBy: [
        { policy: "default/default-deny", file: "default-deny.yaml", line: 1 },
        { policy: "default/frontend-policy", file: "frontend-policy.yaml", line: 1 },
      ],
      allowedBy: {
        policy: "default/frontend-policy",
        rule: "egress[0]",
        peer: 0,
        file: "frontend-policy.yaml",
        line: 10,
      },
      nearest: [],
    },
    ingress: {
      direction: "Ingress",
      allowed: true,
      reason: "rule",
      isolatedBy: [
        { policy: "default/backend-policy", file: "backend-policy.yaml", line: 1 },
        { policy: "default/default-deny", file: "default-deny.yaml", line: 1 },
      ],
      allowedBy: {
        policy: "default/backend-policy",
        rule: "ingress[0]",
        peer: 0,
        port: 1,
        file: "backend-policy.yaml",
        line: 9,
      },
      nearest: [],
    },
  });
});

test("a denied flow, with the nearest misses", () => {
  const cluster = tutorial("backend-policy.yaml");
  const { allowed, ingress } = verdictJson(cluster.evaluate(flow(cluster, "8.8.8.8", "default/backend", 0)));
  expect(allowed).toBe(false);
  expect(ingress).toMatchObject({ reason: "no-match", isolatedBy: [{ policy: "default/backend-policy" }] });
  expect(ingress).not.toHaveProperty("allowedBy");
  expect(ingress.nearest).toEqual([
    {
      policy: "default/backend-policy",
      rule: "ingress[0]",
      file: "backend-policy.yaml",
      line: 9,
      matched: "none",
      peer: 0,
      because: expect.stringContaining("8.8.8.8 is not one"),
    },
    expect.objectContaining({ rule: "ingress[1]", line: 16, matched: "none" }),
  ]);
});

test("objects that came from no file have no place", () => {
  const cluster = tutorial("default-deny.yaml");
  const { range: _, ...deny } = cluster.policies()[0]!;
  cluster.upsert(deny);
  const { ingress } = verdictJson(cluster.evaluate(flow(cluster, "8.8.8.8", "default/backend", 80)));
  expect(ingress.isolatedBy).toEqual([{ policy: "default/default-deny" }]);
});
