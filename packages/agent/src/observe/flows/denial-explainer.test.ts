import { type Cluster, parseAddress } from "@portcullis/engine";
import { expect, test, vi } from "vitest";
import { clusterOf, podObject, policyObject, put } from "../objects.testing.ts";
import { DenialExplainer } from "./denial-explainer.ts";

const ip = (text: string) => ({ address: parseAddress(text)! });
const ask = (explainer: DenialExplainer, port = 80) =>
  explainer.explain({
    direction: "Ingress",
    source: ip("10.0.0.1"),
    destination: ip("10.0.0.2"),
    protocol: "TCP",
    port,
  });

function setUp(): { cluster: Cluster; explainer: DenialExplainer } {
  const cluster = clusterOf(
    podObject("web", ["10.0.0.1"]),
    podObject("db", ["10.0.0.2"]),
    policyObject("p", "db"),
  );
  return { cluster, explainer: new DenialExplainer(cluster) };
}

test("the same question is thought about once, until the cluster changes", () => {
  const { cluster, explainer } = setUp();
  const evaluate = vi.spyOn(cluster, "evaluate");
  expect(ask(explainer)).toEqual({ direction: "Ingress", policies: ["shop/p"], reason: "no-match" });
  expect(ask(explainer)).toEqual(ask(explainer));
  expect(evaluate).toHaveBeenCalledTimes(1);
  ask(explainer, 81);
  expect(evaluate).toHaveBeenCalledTimes(2);
  put(cluster, policyObject("q", "db"));
  expect(ask(explainer).policies).toEqual(["shop/p", "shop/q"]);
  expect(evaluate).toHaveBeenCalledTimes(3);
});

test("no more answers are remembered than allowed", () => {
  const { cluster } = setUp();
  const explainer = new DenialExplainer(cluster, 3);
  const evaluate = vi.spyOn(cluster, "evaluate");
  for (let port = 1; port <= 4; port += 1) ask(explainer, port);
  ask(explainer, 4);
  expect(evaluate).toHaveBeenCalledTimes(4);
  ask(explainer, 1);
  expect(evaluate).toHaveBeenCalledTimes(5);
});
