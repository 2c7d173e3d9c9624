import { readAssertions } from "@portcullis/engine";
import { expect, test } from "vitest";
import { World } from "../engine/world.ts";
import { assertionOf, commandOf } from "./copy-texts.ts";

const pod = (name: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop}
spec: {containers: [{name: c, image: nginx}]}
---`;

test("a verdict as a command, and as an assertion that can be read", () => {
  const world = new World();
  world.load([{ file: "pods.yaml", text: pod("web") + pod("db") }]);
  const tcp = { ranges: [{ protocol: "TCP" as const, from: 5432, to: 5432 }], icmp: true };
  const [answer] = world.why("base", { pod: "shop/web" }, { pod: "shop/db" }, tcp)!;
  expect(commandOf(answer!)).toBe("portcullis can shop/web --to shop/db:5432 -f .");
  const { assertions, diagnostics } = readAssertions([{ file: "a.yaml", text: assertionOf(answer!) }]);
  expect(diagnostics).toEqual([]);
  expect(assertions).toMatchObject([{ expect: "allow" }]);
  expect(assertionOf({ ...answer!, protocol: "UDP", port: 53 })).toContain("port: 53/udp\n");
  expect(assertionOf({ ...answer!, protocol: "ICMP", port: 0 })).toContain("port: icmp\n");
});
