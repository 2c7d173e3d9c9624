import fc from "fast-check";
import { expect, test } from "vitest";
import { drawings, formatView, groupings, onlys, parseView, startView, views } from "./view-state.ts";

test("the start is a short link, and a strange link opens at the start", () => {
  expect(formatView(startView)).toBe("#/reach");
  for (const text of ["", "#", "#/", "#/nowhere/else?only=x&more=1", "#/%%%?%%%"]) {
    expect(parseView(text)).toEqual(startView);
  }
});

test("a link leads back to what it was made of", () => {
  const text = fc.oneof(fc.string(), fc.constantFrom("tcp/80", "a&b=c#d?e/f", "名前"));
  const state = fc.record({
    view: fc.constantFrom(...views),
    drawn: fc.constantFrom(...drawings),
    expanded: fc.array(text),
    by: fc.constantFrom(...groupings),
    port: text,
    find: text,
    only: fc.constantFrom("" as const, ...onlys),
    source: text,
    destination: text,
  });
  fc.assert(
    fc.property(state, (each) => {
      expect(parseView(formatView(each))).toEqual(each);
    }),
    { seed: 20261123 },
  );
});
