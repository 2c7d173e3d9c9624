import { isConfirmed } from "@portcullis/engine";
import { describe, expect, test } from "vitest";
import { reachOf, shop } from "./three-tier-shop.testing.ts";
import { verifyManifests } from "./verify-manifests.testing.ts";

describe("examples/three-tier-shop", async () => {
  const { verification } = await verifyManifests(shop.manifests, { assertions: shop.assertions });

  test("the engine says what expected.yaml says", () => {
    expect(reachOf(verification, "pod")).toEqual(shop.expected.pods);
    expect(reachOf(verification, "service")).toEqual(shop.expected.services);
  });

  test("every assertion holds, and says so of at least one flow", () => {
    expect(isConfirmed(verification)).toBe(true);
    expect(verification.assertions.length).toBeGreaterThan(10);
    expect(verification.assertions.filter(({ flows }) => flows === 0)).toEqual([]);
  });

  test("the README names every file", () => {
    const named = [...shop.readme.matchAll(/\]\(([a-z-]+\.yaml)\)/g)].map(([, name]) => name!);
    const present = Object.keys(shop.manifests).map((name) => name.split("/").at(-1)!);
    expect([...new Set(named)].sort()).toEqual([...present, "assertions.yaml", "expected.yaml"].sort());
  });
});
