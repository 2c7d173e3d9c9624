import { Registry } from "prom-client";
import { beforeEach, expect, test } from "vitest";
import { PolicyCounter } from "./policy-counter.ts";

let registry: Registry;
let policies: Set<string>;
let counter: PolicyCounter;
beforeEach(() => {
  registry = new Registry();
  policies = new Set(["shop/a", "shop/b"]);
  counter = new PolicyCounter({
    name: "drops_total",
    help: "h",
    registry,
    exists: (policy) => policies.has(policy),
    most: 3,
  });
});

async function series(): Promise<Record<string, number>> {
  const [metric] = await registry.getMetricsAsJSON();
  return Object.fromEntries(
    metric!.values.map(({ labels, value }) => [`${labels.policy} ${labels.direction}`, value]),
  );
}

test("a packet counts for every policy that isolates, by direction", async () => {
  counter.add(["shop/a", "shop/b"], "Ingress", 2);
  counter.add(["shop/a"], "Egress", 5);
  counter.add(["shop/a"], "Ingress", 1);
  expect(await series()).toEqual({ "shop/a Ingress": 3, "shop/b Ingress": 2, "shop/a Egress": 5 });
});

test("what no policy explains, and policies that do not exist, are other", async () => {
  counter.add([], "Ingress", 2);
  counter.add(["shop/gone"], "Ingress", 3);
  counter.add(["shop/gone", "shop/a"], "Ingress", 4);
  expect(await series()).toEqual({ "other Ingress": 9, "shop/a Ingress": 4 });
});

test("the series of a deleted policy go with it, and begin anew with it", async () => {
  counter.add(["shop/a"], "Ingress", 2);
  counter.add(["shop/a"], "Egress", 2);
  policies.delete("shop/a");
  expect(await series()).toEqual({});
  policies.add("shop/a");
  counter.add(["shop/a"], "Egress", 1);
  expect(await series()).toEqual({ "shop/a Egress": 1 });
});

test("no more policies than allowed have series, and one that goes makes room", async () => {
  for (let i = 0; i < 10; i += 1) policies.add(`shop/p${i}`);
  for (let i = 0; i < 10; i += 1) counter.add([`shop/p${i}`], "Ingress", 1);
  expect(await series()).toEqual({
    "shop/p0 Ingress": 1,
    "shop/p1 Ingress": 1,
    "shop/p2 Ingress": 1,
    "other Ingress": 7,
  });
  policies.delete("shop/p0");
  await series();
  counter.add(["shop/p9"], "Ingress", 1);
  expect(await series()).toMatchObject({ "shop/p9 Ingress": 1, "other Ingress": 7 });
});
