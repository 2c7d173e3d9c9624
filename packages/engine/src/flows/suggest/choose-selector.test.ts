import { expect, test } from "vitest";
import type { Labels } from "../../model/labels.ts";
import { selectorText } from "../../selector/selector.ts";
import { chooseSelector } from "./choose-selector.ts";

function chosen(members: readonly Labels[], others: readonly Labels[]): string {
  const found = chooseSelector(members, others);
  return "alike" in found ? `alike ${found.alike}` : selectorText(found.selector);
}

const web = { app: "web", tier: "front", "pod-template-hash": "abc" };

test.each<[string, readonly Labels[], readonly Labels[], string]>([
  ["the best known label", [web], [{ app: "db", tier: "back" }], "app=web"],
  [
    "app.kubernetes.io/name before app",
    [{ ...web, "app.kubernetes.io/name": "shop" }],
    [],
    "app.kubernetes.io/name=shop",
  ],
  ["what the controller sets is no name", [{ "pod-template-hash": "abc" }], [], "*"],
  ["nor tells pods apart", [{ app: "a", "pod-template-hash": "x" }], [{ app: "a" }], "alike 0"],
  ["one fitting label before two", [web], [{ app: "web", tier: "back" }], "tier=front"],
  [
    "two where it takes two",
    [{ app: "web", tier: "front" }],
    [
      { app: "web", tier: "back" },
      { app: "db", tier: "front" },
    ],
    "app=web,tier=front",
  ],
  [
    "a version only when nothing else does",
    [{ app: "web", version: "2" }],
    [{ app: "web", version: "1" }],
    "version=2",
  ],
  ["the absence of a label", [{ app: "web" }], [{ app: "web", track: "canary" }], "!track,app=web"],
  ["pods without labels among others", [{}], [{ app: "web" }], "!app"],
  ["pods without labels alone", [{}], [], "*"],
  ["pods that differ", [{ app: "a" }, { app: "b" }], [{ app: "c" }], "app in (a,b)"],
  [
    "a label that only some have is none",
    [{ app: "a", x: "1" }, { app: "a" }],
    [{ app: "b", x: "1" }],
    "app=a",
  ],
  [
    "many values: that there is one",
    ["1", "2", "3", "4", "5", "6"].map((shard) => ({ shard })),
    [{ app: "b" }],
    "shard",
  ],
  ["the same labels", [web], [{ app: "db" }, { ...web, "pod-template-hash": "z" }], "alike 1"],
])("%s", (_, members, others, expected) => {
  expect(chosen(members, others)).toBe(expected);
});

test("four labels that each exclude one other pod, and thirty that exclude none", () => {
  const keys = ["a", "b", "c", "d"];
  const own = Object.fromEntries(keys.map((key) => [key, "own"]));
  const common = Object.fromEntries([...Array(30).keys()].map((index) => [`x${index}`, "same"]));
  const others = keys.map((key) => ({ ...own, ...common, [key]: "other" }));
  expect(chosen([{ ...own, ...common }], others)).toBe("a=own,b=own,c=own,d=own");
});
