import { expect, it } from "vitest";
import { resourceFor, resources } from "./resources.ts";

it("finds a resource by the head of an object", () => {
  expect(resourceFor("v1", "Pod")).toBe(resources.pods);
  expect(resourceFor("networking.k8s.io/v1", "NetworkPolicy")).toBe(resources.networkpolicies);
  expect(resourceFor("v1", "NetworkPolicy")).toBeUndefined();
  expect(resourceFor("v1", "pod")).toBeUndefined();
});
