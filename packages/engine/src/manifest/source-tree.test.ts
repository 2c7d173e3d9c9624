import { describe, expect, test } from "vitest";
import { readSourceTree, type SourceNode } from "./source-tree.ts";

/** A tree with the text of each of its parts in place of the part's place. */
function told(text: string) {
  const tree = readSourceTree(text);
  if (tree === undefined || tree.problem !== undefined) return tree;
  const slice = (from: number, to: number) => text.slice(from, to);
  const tell = (node: SourceNode | undefined): unknown => {
    if (node === undefined) return undefined;
    const { kind, span, anchor, tag } = node;
    const own = { is: slice(span.start, span.end), ...(anchor && { anchor }), ...(tag && { tag }) };
    if (kind === "alias") return { ...own, alias: node.name };
    if (kind === "scalar") return { ...own, [node.style]: node.text };
    if (kind === "list") {
      return {
        ...own,
        [`${node.style}List`]: node.items.map(({ start, introduced, value }) => [
          slice(start, introduced),
          tell(value),
        ]),
      };
    }
    return {
      ...own,
      [`${node.style}Map`]: node.pairs.map(({ start, key, introduced, value }) => [
        slice(start, introduced),
        tell(key),
        tell(value),
      ]),
    };
  };
  return tell(tree.root);
}

describe("what a document is made of", () => {
  test("in block style: spans end where content does, comments and empty lines are nobody's", () => {
    expect(told("\na: # one\n  b: 1 # two\n\n# three\nc:\n- 'd'\n- \"e\" # four\n")).toEqual({
      is: "a: # one\n  b: 1 # two\n\n# three\nc:\n- 'd'\n- \"e\"",
      blockMap: [
        [
          "a:",
          { is: "a", plain: "a" },
          { is: "b: 1", blockMap: [["b:", { is: "b", plain: "b" }, { is: "1", plain: "1" }]] },
        ],
        [
          "c:",
          { is: "c", plain: "c" },
          {
            is: "- 'd'\n- \"e\"",
            blockList: [
              ["-", { is: "'d'", single: "d" }],
              ["-", { is: '"e"', double: "e" }],
            ],
          },
        ],
      ],
    });
  });

  test("in brackets: with them, and a key that has no colon has no value", () => {
    expect(told("{a, b: , c: [d: e,], }")).toEqual({
      is: "{a, b: , c: [d: e,], }",
      flowMap: [
        ["a", { is: "a", plain: "a" }, undefined],
        ["b:", { is: "b", plain: "b" }, { is: "", plain: "" }],
        [
          "c:",
          { is: "c", plain: "c" },
          {
            is: "[d: e,]",
            flowList: [
              ["", { is: "d: e", pairMap: [["d:", { is: "d", plain: "d" }, { is: "e", plain: "e" }]] }],
            ],
          },
        ],
      ],
    });
  });

  test("anchors, tags and aliases belong to what introduces a value", () => {
    expect(told("a: &x !!str b\nc: [&y d, *x]\n")).toEqual({
      is: "a: &x !!str b\nc: [&y d, *x]",
      blockMap: [
        [
          "a: &x !!str",
          { is: "a", plain: "a" },
          { is: "b", anchor: "x", tag: "tag:yaml.org,2002:str", plain: "b" },
        ],
        [
          "c:",
          { is: "c", plain: "c" },
          {
            is: "[&y d, *x]",
            flowList: [
              ["&y", { is: "d", anchor: "y", plain: "d" }],
              ["", { is: "*x", alias: "x" }],
            ],
          },
        ],
      ],
    });
  });

  test("a block of text ends behind its line end, and nothing has a place behind what introduces it", () => {
    expect(told("a: |\n  b\n\nc:\n-\n")).toEqual({
      is: "a: |\n  b\n\nc:\n-",
      blockMap: [
        ["a:", { is: "a", plain: "a" }, { is: "|\n  b\n", block: "b\n" }],
        ["c:", { is: "c", plain: "c" }, { is: "-", blockList: [["-", { is: "", plain: "" }]] }],
      ],
    });
  });
});

test("values, duplicates and problems are those that a manifest's reader gives", () => {
  expect(readSourceTree("a: y\na: 0x10\n")).toMatchObject({ value: { a: 16 }, duplicates: [["a"]] });
  expect(readSourceTree("a: [")).toMatchObject({ problem: { code: "syntax" } });
  expect(readSourceTree("a: *b")).toMatchObject({
    problem: { message: expect.stringContaining("unknown anchor") },
  });
  expect(readSourceTree(`${"[".repeat(20_000)}`)).toHaveProperty("problem");
  expect(readSourceTree("# nothing\n")).toBeUndefined();
});
