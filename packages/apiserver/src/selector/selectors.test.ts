import { describe, expect, it } from "vitest";
import type { ApiObject } from "../api-object.ts";
import { parseFieldSelector } from "./field-selector.ts";
import { parseLabelSelector, SelectorError } from "./label-selector.ts";

function labelled(labels: Record<string, string>): ApiObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "a,b=c", namespace: "n", labels } };
}

describe("label selectors", () => {
  const web = labelled({ app: "web", "example.com/tier": "1", empty: "" });
  it.each([
    ["", true],
    ["app=web", true],
    ["app==web", true],
    ["app = web , empty=", true],
    ["app!=web", false],
    ["none!=web", true],
    ["app in (web,db)", true],
    ["app in (db),empty", false],
    ["app notin (db, cache)", true],
    ["none notin (a)", true],
    ["app", true],
    ["!app", false],
    ["! none", true],
    ["example.com/tier=1,app in (web)", true],
    ["example.com/tier>0", true],
    ["example.com/tier<1", false],
    ["app>0", false],
    ["constructor", false],
  ])("%j", (text, matched) => {
    expect(parseLabelSelector(text)(web)).toBe(matched);
  });

  it.each(["a=b=c", "app in web", "app in (a(b)", "=web", "a,,b", "a b", "app>x", "a in (b c)"])(
    "refuses %j",
    (text) => {
      expect(() => parseLabelSelector(text)).toThrow(SelectorError);
    },
  );
});

it("selectors as long as a URL can be are no work", () => {
  for (const text of [",", "a=b,", "a in (", "a ", "(", ")", "in "].map((each) =>
    each.repeat(900_000 / each.length),
  )) {
    expect(() => parseLabelSelector(text)).toThrow(SelectorError);
    expect(() => parseFieldSelector(`${text}x`, {})).toThrow(SelectorError);
  }
  const many = Array.from({ length: 100_000 }, (_, i) => `a!=${i}`).join();
  expect(parseLabelSelector(many)(labelled({ a: "99999" }))).toBe(false);
});

describe("field selectors", () => {
  const fields = { "spec.x": () => "v\\" };
  it.each([
    ["", true],
    ["metadata.namespace=n", true],
    ["metadata.namespace!=n", false],
    ["metadata.name=a\\,b\\=c,metadata.namespace==n", true],
    ["spec.x=v\\\\,metadata.namespace=n", true],
    ["spec.x=v\\\\,metadata.namespace=m", false],
  ])("%j", (text, matched) => {
    expect(parseFieldSelector(text, fields)(labelled({}))).toBe(matched);
  });

  it.each(["spec.y=1", "metadata.name", "toString=1"])("refuses %j", (text) => {
    expect(() => parseFieldSelector(text, fields)).toThrow(SelectorError);
  });
});
