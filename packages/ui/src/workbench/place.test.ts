import fc from "fast-check";
import { expect, test } from "vitest";
import { placeAt } from "./place.ts";

/** The place of the bar. */
function at(text: string) {
  const offset = text.indexOf("|");
  const place = placeAt(text.replace("|", ""), offset);
  return place && `${place.path.join(".")} ${place.part} ${JSON.stringify(place.typed)}`;
}

test("in block style, with lists at the column of their key or further in", () => {
  expect(at("ki|")).toBe(' key "ki"');
  expect(at("kind: Net|")).toBe('kind value "Net"');
  expect(at("spec:\n  |")).toBe('spec key ""');
  expect(at("spec:\n  podSelector:\n  |")).toBe('spec key ""');
  expect(at("spec:\n  podSelector: {}\n  pol|")).toBe('spec key "pol"');
  expect(at("spec:\n  podSelector:\n    matchLabels:\n      app: fr|")).toBe(
    'spec.podSelector.matchLabels.app value "fr"',
  );
  for (const indent of ["", "  "]) {
    const list = `spec:\n  ingress:\n  ${indent}- from:\n    ${indent}${indent}- podSelector: {}\n    ${indent}${indent}- `;
    expect(at(`${list}na|`)).toBe('spec.ingress.0.from.1 key "na"');
    expect(at(`${list}|`)).toBe('spec.ingress.0.from.1 key ""');
    expect(
      at(`${list}namespaceSelector:\n      ${indent}${indent}  matchLabels:\n      ${indent}${indent}    |`),
    ).toBe('spec.ingress.0.from.1.namespaceSelector.matchLabels key ""');
    expect(at(`${list}ipBlock: {}\n    ${indent}ports:\n    ${indent}- port: |`)).toBe(
      'spec.ingress.0.ports.0.port value ""',
    );
  }
  expect(at("spec:\n  policyTypes:\n    - Ingress\n    - Eg|")).toBe('spec.policyTypes.1 key "Eg"');
});

test("in brackets, over several lines too", () => {
  expect(at("spec: {podSelector: {matchLabels: {app: fr|")).toBe(
    'spec.podSelector.matchLabels.app value "fr"',
  );
  expect(at("spec: {podSelector: {}, pol|")).toBe('spec key "pol"');
  expect(at("spec:\n  ingress: [{from: [{podSelector: {}}, {na|")).toBe('spec.ingress.0.from.1 key "na"');
  expect(at("spec:\n  ingress: [\n    {ports: [{port: 80}]},\n    {from: [\n  {|")).toBe(
    'spec.ingress.1.from.0 key ""',
  );
  expect(at("spec:\n  policyTypes: [Ingress, |")).toBe('spec.policyTypes.1 key ""');
  expect(at('metadata: {"namespace": "sh|')).toBe('metadata.namespace value "sh"');
  expect(at("metadata: {name: a}\nspec:\n  |")).toBe('spec key ""');
});

test("only its own document counts, and comments and blocks of text are no places", () => {
  expect(at("spec:\n  a: b\n---\n|")).toBe(' key ""');
  expect(at("spec:\n  # pod|")).toBeUndefined();
  expect(at("a: b # |")).toBeUndefined();
  expect(at("data:\n  text: >-\n    spec: |")).toBeUndefined();
  expect(at("data:\n  text: >\n    any: thing {\n  other: v|")).toBe('data.other value "v"');
});

test("no text is too strange", () => {
  const text = fc.array(
    fc.constantFrom("- ", "a", ":", " ", "\n", "  ", "{", "}", "[", "]", ",", '"', "'", "#", "---", "|"),
  );
  fc.assert(
    fc.property(text, (parts) => {
      const all = parts.join("");
      expect(placeAt(all, all.length)?.part ?? "key").toMatch(/key|value/);
    }),
    { seed: 20261123 },
  );
});
