import { expect, test } from "vitest";
import { pathUnder, selectedText } from "./selector-hover.ts";

test("the path under the pointer, wherever in a word it is", () => {
  const text = "spec:\n  podSelector:\n    matchLabels: {app: web}\n";
  const path = (word: string, within: number) => pathUnder(text, text.indexOf(word) + within)?.join(".");
  for (const within of [0, 4, 11]) expect(path("podSelector", within)).toBe("spec.podSelector");
  expect(path("matchLabels", 3)).toBe("spec.podSelector.matchLabels");
  expect(path("app", 1)).toBe("spec.podSelector.matchLabels.app");
  expect(path("web", 2)).toBe("spec.podSelector.matchLabels.app");
});

test("what is picked, in lines", () => {
  expect(selectedText({ title: "is about", pods: [], podCount: 0 })).toEqual(["is about: 0 pods now"]);
  expect(
    selectedText({ title: "picks", pods: ["a/b"], podCount: 3, namespaces: [], namespaceCount: 0 }),
  ).toEqual(["in 0 namespaces: none", "picks: 3 pods now", "a/b", "and 2 more"]);
});
