import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyJsonPatch } from "./json-patch.ts";
import { parsePointer } from "./json-pointer.ts";
import { PatchError } from "./patch-error.ts";

const seed = 6902;

function refusal(document: unknown, patch: unknown): PatchError {
  try {
    applyJsonPatch(document, patch);
  } catch (error) {
    if (error instanceof PatchError) return error;
    throw error;
  }
  throw new Error("the patch was not refused");
}

/** RFC 6902, appendix A, by its numbers. */
const applies: readonly [string, unknown, unknown, unknown][] = [
  [
    "A.1 adds a member",
    { foo: "bar" },
    [{ op: "add", path: "/baz", value: "qux" }],
    { foo: "bar", baz: "qux" },
  ],
  [
    "A.2 adds an element",
    { foo: ["bar", "baz"] },
    [{ op: "add", path: "/foo/1", value: "qux" }],
    { foo: ["bar", "qux", "baz"] },
  ],
  ["A.3 removes a member", { baz: "qux", foo: "bar" }, [{ op: "remove", path: "/baz" }], { foo: "bar" }],
  [
    "A.4 removes an element",
    { foo: ["bar", "qux", "baz"] },
    [{ op: "remove", path: "/foo/1" }],
    { foo: ["bar", "baz"] },
  ],
  [
    "A.5 replaces",
    { baz: "qux", foo: "bar" },
    [{ op: "replace", path: "/baz", value: "boo" }],
    { baz: "boo", foo: "bar" },
  ],
  [
    "A.6 moves a value",
    { foo: { bar: "baz", waldo: "fred" }, qux: { corge: "grault" } },
    [{ op: "move", from: "/foo/waldo", path: "/qux/thud" }],
    { foo: { bar: "baz" }, qux: { corge: "grault", thud: "fred" } },
  ],
  [
    "A.7 moves an element",
    { foo: ["all", "grass", "cows", "eat"] },
    [{ op: "move", from: "/foo/1", path: "/foo/3" }],
    { foo: ["all", "cows", "eat", "grass"] },
  ],
  [
    "A.8 tests with success",
    { baz: "qux", foo: ["a", 2, "c"] },
    [
      { op: "test", path: "/baz", value: "qux" },
      { op: "test", path: "/foo/1", value: 2 },
    ],
    { baz: "qux", foo: ["a", 2, "c"] },
  ],
  [
    "A.10 adds a nested object",
    { foo: "bar" },
    [{ op: "add", path: "/child", value: { grandchild: {} } }],
    { foo: "bar", child: { grandchild: {} } },
  ],
  [
    "A.11 ignores members it does not know",
    { foo: "bar" },
    [{ op: "add", path: "/baz", value: "qux", xyz: 123 }],
    { foo: "bar", baz: "qux" },
  ],
  [
    "A.14 unescapes ~01",
    { "/": 9, "~1": 10 },
    [{ op: "test", path: "/~01", value: 10 }],
    { "/": 9, "~1": 10 },
  ],
  [
    "A.16 appends to an array",
    { foo: ["bar"] },
    [{ op: "add", path: "/foo/-", value: ["abc", "def"] }],
    { foo: ["bar", ["abc", "def"]] },
  ],
  ["copies", { a: { b: 1 } }, [{ op: "copy", from: "/a", path: "/c" }], { a: { b: 1 }, c: { b: 1 } }],
  ["replaces the whole document", { a: 1 }, [{ op: "replace", path: "", value: { b: 2 } }], { b: 2 }],
  ["adds over an existing member", { a: 1 }, [{ op: "add", path: "/a", value: null }], { a: null }],
  ["the empty name is a member", { "": 1 }, [{ op: "replace", path: "/", value: 2 }], { "": 2 }],
  [
    "tests numbers by value, objects in any order of keys",
    { a: { x: 1, y: 2 } },
    [{ op: "test", path: "/a", value: { y: 2, x: 1.0 } }],
    { a: { x: 1, y: 2 } },
  ],
  ["a missing member tests as null", { a: 1 }, [{ op: "test", path: "/b", value: null }], { a: 1 }],
  ["does nothing", { a: 1 }, [], { a: 1 }],
];

const refused: readonly [string, unknown, readonly unknown[]][] = [
  ["A.9 a test that fails", { baz: "qux" }, [{ op: "test", path: "/baz", value: "bar" }]],
  ["A.12 adds below what is not there", { foo: "bar" }, [{ op: "add", path: "/baz/bat", value: "qux" }]],
  ["A.15 compares text with number", { "~1": 10 }, [{ op: "test", path: "/~01", value: "10" }]],
  ["removes what is not there", { a: 1 }, [{ op: "remove", path: "/b" }]],
  ["replaces what is not there", { a: 1 }, [{ op: "replace", path: "/b", value: 1 }]],
  ["an index past the end", { a: [1] }, [{ op: "add", path: "/a/2", value: 1 }]],
  ["an index with a leading zero", { a: [1, 2] }, [{ op: "remove", path: "/a/01" }]],
  ["a negative index", { a: [1, 2] }, [{ op: "remove", path: "/a/-1" }]],
  ["an index that is text", { a: [1, 2] }, [{ op: "remove", path: "/a/length" }]],
  ["the end as a place to remove from", { a: [1] }, [{ op: "remove", path: "/a/-" }]],
  ["a path without its slash", { a: 1 }, [{ op: "remove", path: "a" }]],
  ["a tilde by itself", { "a~": 1 }, [{ op: "remove", path: "/a~" }]],
  ["no path", { a: 1 }, [{ op: "remove" }]],
  ["no value", { a: 1 }, [{ op: "add", path: "/b" }]],
  ["no from", { a: 1 }, [{ op: "move", path: "/b" }]],
  ["an unknown operation", { a: 1 }, [{ op: "toString", path: "/a" }]],
  ["a move into itself", { a: { b: 1 } }, [{ op: "move", from: "/a", path: "/a/b/c" }]],
  ["the removal of everything", { a: 1 }, [{ op: "remove", path: "" }]],
  ["what objects inherit", {}, [{ op: "copy", from: "/constructor", path: "/a" }]],
  ["the prototype as a place", {}, [{ op: "add", path: "/__proto__/polluted", value: true }]],
  ["a scalar as a place", { a: "text" }, [{ op: "add", path: "/a/b", value: true }]],
];

describe("applyJsonPatch", () => {
  it.each(applies)("%s", (_, document, patch, expected) => {
    const before = structuredClone(document);
    expect(applyJsonPatch(document, patch)).toEqual(expected);
    expect(document).toEqual(before);
  });

  it.each(refused)("refuses %s as unprocessable", (_, document, patch) => {
    const { reason, message, detail } = refusal(document, patch);
    expect({ reason, message }).toEqual({
      reason: "Invalid",
      message: "the server rejected our request due to an error in our request",
    });
    expect(detail).not.toBe(message);
  });

  it.each([[{}], [null], ["x"], [[1]], [[null]], [[[]]]])("refuses %j, which is no patch", (patch) => {
    expect(refusal({}, patch).reason).toBe("BadRequest");
  });

  it("refuses more than 10,000 operations and takes as many", () => {
    const operation = { op: "test", path: "/a", value: 1 };
    const many = (count: number) => new Array<unknown>(count).fill(operation);
    expect(applyJsonPatch({ a: 1 }, many(10_000))).toEqual({ a: 1 });
    const { reason, message } = refusal({ a: 1 }, many(10_001));
    expect(reason).toBe("RequestEntityTooLarge");
    expect(message).toBe("The allowed maximum operations in a JSON patch is 10000, got 10001");
  });

  it("leaves prototypes alone when a patch writes __proto__", () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}}') as unknown;
    const patched = applyJsonPatch({}, [
      { op: "add", path: "/__proto__", value: { polluted: true } },
      { op: "add", path: "/nested", value },
      { op: "copy", from: "/nested", path: "/again" },
    ]);
    expect(JSON.stringify(patched)).toBe(
      '{"__proto__":{"polluted":true},"nested":{"__proto__":{"polluted":true}},"again":{"__proto__":{"polluted":true}}}',
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((patched as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("refuses copies of copies that would fill the memory, and nesting without end", () => {
    const doubling = [{ op: "add", path: "/a", value: "x".repeat(100) }];
    const bomb = [
      ...doubling,
      ...Array.from({ length: 40 }, (_, i) => ({ op: "copy", from: "", path: `/b${i}` })),
    ];
    expect(refusal({}, bomb).detail).toMatch(/copies/);
    const deeper = Array.from({ length: 2000 }, (_, i) => ({
      op: "add",
      path: "/a".repeat(i + 1),
      value: {},
    }));
    expect(refusal({}, deeper).detail).toMatch(/nested/);
  });

  it("goes back by the inverse patch", () => {
    const key = fc.string({ maxLength: 4 });
    const json = fc.dictionary(key, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 });
    const property = fc.property(json, key, fc.jsonValue({ maxDepth: 2 }), (document, name, value) => {
      const path = `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      expect(parsePointer(path)).toEqual([name]);
      const added = applyJsonPatch(document, [{ op: "add", path, value }]);
      const inverse = Object.hasOwn(document, name)
        ? { op: "replace", path, value: document[name] }
        : { op: "remove", path };
      const back = applyJsonPatch(added, [{ op: "test", path, value }, inverse]);
      expect(back).toEqual(document);
    });
    fc.assert(property, { seed, numRuns: 300 });
  });
});
