import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { readYamlDocument } from "./yaml-document.ts";

const yamlValue = (text: string) => {
  const result = readYamlDocument(text, 0);
  expect(result?.problem).toBeUndefined();
  return result?.document?.value;
};
const problemOf = (text: string) => readYamlDocument(text, 0)?.problem;

describe("values", () => {
  test("quotes make text", () => {
    expect(yamlValue(`[y, "y", 'y', 0777, "0777", !!str 0777, ! y]`)).toEqual([
      true,
      "y",
      "y",
      511,
      "0777",
      "0777",
      "y",
    ]);
  });

  test("blocks are text", () => {
    expect(yamlValue("a: |\n  y\nb: >-\n  1\n")).toEqual({ a: "y\n", b: "1" });
  });

  test("keys become text", () => {
    expect(yamlValue("{y: 1, 0x10: 2, 1.50: 3, a: 4}")).toEqual({ true: 1, 16: 2, "1.5": 3, a: 4 });
  });

  test("empty values are null", () => {
    expect(yamlValue("a:\nb: {c}\nd: [x, ]\n-e-:")).toEqual({
      a: null,
      b: { c: null },
      d: ["x"],
      "-e-": null,
    });
  });

  test("__proto__ is a key like another", () => {
    const value = yamlValue("__proto__: {a: 1}\nb: 2") as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(["__proto__", "b"]);
    expect(value.a).toBeUndefined();
  });

  test.each(["", "\n\n", "# only a comment\n", "  # one\n\n# two"])("no document in %j", (text) => {
    expect(readYamlDocument(text, 0)).toBeUndefined();
  });

  test("a comment may stand right behind a quote or bracket", () => {
    expect(yamlValue('a: "b"#c\nd: [e]#f\ng: h#i')).toEqual({ a: "b", d: ["e"], g: "h#i" });
  });

  test("a closing bracket may stand as far left as its key", () => {
    expect(yamlValue("a: {\n  b: c\n}\nd: [\n  e\n]")).toEqual({ a: { b: "c" }, d: ["e"] });
  });

  test("line ends may be CRLF", () => {
    expect(yamlValue("a: x\r\nb:\r\n- y1\r\n")).toEqual({ a: "x", b: ["y1"] });
  });
});

test("any JSON value, written as YAML in any style, is read back", () => {
  const style = fc.record({
    collectionStyle: fc.constantFrom("any" as const, "flow" as const),
    defaultStringType: fc.constantFrom("PLAIN" as const, "QUOTE_DOUBLE" as const, "QUOTE_SINGLE" as const),
    indentSeq: fc.boolean(),
    lineWidth: fc.constantFrom(0, 20, 80),
  });
  fc.assert(
    fc.property(fc.jsonValue(), style, fc.boolean(), (value, options, twice) => {
      // The same object twice is written as an anchor and an alias.
      const whole = twice ? { first: value, second: value, plain: "y", time: "1:30" } : { value };
      const text = stringify(whole, { version: "1.1", ...options });
      // The writer leaves control characters bare that a reader must refuse.
      fc.pre(!/[^\P{Cc}\n\t]|[\ufffe\uffff]/u.test(text));
      // And bare what go-yaml takes for a number, as strconv.ParseInt does: 0X1F, 0B1, 0O7.
      fc.pre(!/\b0[XBO][0-9a-fA-F]/.test(text));
      expect(JSON.stringify(yamlValue(text))).toBe(JSON.stringify(whole));
    }),
    { numRuns: 1000 },
  );
});

describe("anchors and merges", () => {
  test("an alias is its anchor's value", () => {
    expect(yamlValue("a: &x [1, {b: 2}]\nc: *x\nd: &y z\ne: *y")).toEqual({
      a: [1, { b: 2 }],
      c: [1, { b: 2 }],
      d: "z",
      e: "z",
    });
  });

  test("an alias means the nearest anchor before it", () => {
    expect(yamlValue("a: &x {k: &y 1}\nb: &y 2\nc: *x\nd: *y")).toEqual({
      a: { k: 1 },
      b: 2,
      c: { k: 1 },
      d: 2,
    });
  });

  test("keys below a merge win over it, keys above do not, as in go-yaml 2", () => {
    expect(yamlValue("x: &x {a: 1, b: 1}\nv:\n  <<: *x\n  a: 2\nw:\n  a: 2\n  <<: *x")).toEqual({
      x: { a: 1, b: 1 },
      v: { a: 2, b: 1 },
      w: { a: 1, b: 1 },
    });
  });

  test("of several merged maps the first wins", () => {
    expect(yamlValue("a: &a {k: 1}\nb: &b {k: 2, l: 2}\nc: {<<: [*a, *b]}")).toEqual({
      a: { k: 1 },
      b: { k: 2, l: 2 },
      c: { k: 1, l: 2 },
    });
  });

  test("a quoted << is a key", () => {
    expect(yamlValue('{"<<": {a: 1}}')).toEqual({ "<<": { a: 1 } });
  });

  test.each([
    ["a: *nope", "unknown anchor 'nope' referenced"],
    ["a: &x [*x]", "anchor 'x' value contains itself"],
    ["a: {<<: 5}", "map merge requires map or sequence of maps as the value"],
  ])("%s is refused", (text, message) => {
    expect(problemOf(text)).toMatchObject({ code: "syntax", message });
  });

  test("a bomb is defused", () => {
    let bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (let i = 1; i < 12; i++) bomb += `a${i}: &a${i} [${Array(10).fill(`*a${i - 1}`)}]\n`;
    expect(problemOf(bomb)).toMatchObject({ code: "limit", message: "document contains excessive aliasing" });
  });
});

describe("refused", () => {
  test.each<[string, string]>([
    ["a tab for indentation", "a:\n\tb: 1"],
    ["a control character", "a: \u0001"],
    ["two values for one key", "a: b: c"],
    ["a bracket that is not closed", "a: [1, 2"],
    ["a quote that is not closed", 'a: "b'],
    ["a reserved character", "a: @b"],
    ["a list as a key", "? [a]\n: b"],
    ["null as a key", "~: b"],
    ["a number that is none", "a: !!int x"],
    ["infinity", "a: .inf"],
    ["text after the document", "a: 1\n...\nb: 2"],
    ["a list after a map", "a: 1\n- b"],
    ["a bad escape", 'a: "\\q"'],
  ])("%s", (_name, text) => {
    const problem = problemOf(text);
    expect(problem?.code).toBe("syntax");
    expect(problem?.message).toMatch(/\S/);
    expect(problem!.span.end).toBeGreaterThan(problem!.span.start);
  });

  test.each(["[", "{", "- ", "? ", "[{a: "])("%j nested a hundred thousand times", (open) => {
    expect(problemOf(`x:\n ${open.repeat(100_000)}`)?.code).toBe("limit");
  });

  test("at the first error, for a text may hold millions", () => {
    // Ten errors would be told by a parser that goes on; the member that we replace would then be out of use.
    expect(problemOf("a: [@, @, @]\nb: [@]")).toMatchObject({ span: { start: 4, end: 5 } });
  });

  test("places are in the file, not in the slice", () => {
    expect(readYamlDocument("a: @b", 100)?.problem?.span.start).toBe(103);
    expect(readYamlDocument("a: *b", 100)?.problem?.span).toEqual({ start: 103, end: 105 });
  });
});

describe("places", () => {
  const text = "a: &x\n  b: [1, two]\n  b: 3\nc:\n  <<: *x\n  d: ~\n";
  const document = readYamlDocument(text, 0)!.document!;
  const at = (path: (string | number)[], part: "value" | "key" = "value") => {
    const { start, end } = document.locate(path, part);
    return text.slice(start, end);
  };

  test("of values and keys", () => {
    expect(at(["a", "b"])).toBe("3");
    expect(at(["a", "b"], "key")).toBe("b");
    expect(at(["c", "d"])).toBe("~");
    expect(document.locate([], "value").start).toBe(0);
  });

  test("through merges", () => {
    expect(document.locate(["c", "b"], "value")).toEqual(document.locate(["a", "b"], "value"));
  });

  test("of what is missing: the key of the nearest ancestor", () => {
    expect(at(["c", "nope", "deeper"])).toBe("c");
    expect(at(["a", "b", 7])).toBe("b");
  });

  test("duplicates are told by path", () => {
    expect(document.duplicates).toEqual([["a", "b"]]);
  });
});
