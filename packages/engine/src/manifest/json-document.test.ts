import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJsonDocuments } from "./json-document.ts";

const only = (text: string) => {
  const results = readJsonDocuments(text, 0);
  expect(results).toHaveLength(1);
  return results[0]!;
};

test("reads what JSON.parse reads", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(only(text).document?.value).toEqual(JSON.parse(text));
    }),
  );
});

test("refuses what JSON.parse refuses", () => {
  const piece = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    "1",
    "-",
    "0",
    ".5",
    "e1",
    "true",
    "nul",
    " ",
    "\\",
    '"',
    "\n",
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      let expected: unknown;
      try {
        expected = JSON.parse(text);
      } catch {
        // A stream may hold several values, but never one that is broken.
        const results = readJsonDocuments(text, 0);
        expect(results.length !== 1 || results[0]!.problem !== undefined).toBe(true);
        return;
      }
      expect(only(text).document?.value).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

describe("a stream", () => {
  test("of several values", () => {
    const results = readJsonDocuments('{"a":1}\n{"b":2} [3]', 0);
    expect(results.map(({ document }) => document?.value)).toEqual([{ a: 1 }, { b: 2 }, [3]]);
  });

  test("keeps what stands before an error, and tells its place", () => {
    const [first, second] = readJsonDocuments('{"a":1} {"b":}', 50);
    expect(first?.document?.value).toEqual({ a: 1 });
    expect(second?.problem).toEqual({
      code: "syntax",
      message: "unexpected character '}'",
      span: { start: 63, end: 64 },
    });
  });
});

test("tells keys that are written twice", () => {
  expect(only('{"a":[{"b":1,"b":2}],"a":[]}').document?.duplicates).toEqual([["a", 0, "b"], ["a"]]);
});

test("tells places", () => {
  const text = '{"a": {"b": [10, 20]}}';
  const document = only(text).document!;
  const at = (path: (string | number)[], part: "value" | "key" = "value") => {
    const { start, end } = document.locate(path, part);
    return text.slice(start, end);
  };
  expect(at(["a", "b", 1])).toBe("20");
  expect(at(["a", "b"], "key")).toBe('"b"');
  expect(at(["a", "b"])).toBe("[10, 20]");
  expect(at(["a", "x"])).toBe('"a"');
  expect(at([])).toBe(text);
});

test("refuses endless nesting", () => {
  expect(only("[".repeat(1_000_000)).problem?.code).toBe("limit");
  expect(only('{"a":'.repeat(100_000)).problem?.code).toBe("limit");
});

test("__proto__ is a key like another", () => {
  const value = only('{"__proto__": {"a": 1}}').document?.value as Record<string, unknown>;
  expect(Object.keys(value)).toEqual(["__proto__"]);
  expect(value.a).toBeUndefined();
});
