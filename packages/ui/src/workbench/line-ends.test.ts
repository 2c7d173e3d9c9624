import { Text } from "@codemirror/state";
import { expect, test } from "vitest";
import { lineEndsOf } from "./line-ends.ts";

/** As the editor splits a text. */
const docOf = (text: string) => Text.of(text.split(/\r\n?|\n/));

test.each(["", "a", "a\nb\n", "a\r\nb\r\n\r\nc", "\r\n", "a\r\n"])("%j comes back as it was", (text) => {
  expect(lineEndsOf(text).text(docOf(text))).toBe(text);
});

test("a text with both kinds is given the editor's", () => {
  expect(lineEndsOf("a\r\nb\nc").text(docOf("a\r\nb\nc"))).toBe("a\nb\nc");
  expect(lineEndsOf("\na\r\n").text(docOf("\na\r\n"))).toBe("\na\n");
});

test("offsets lead to the same character, and within a line end to its begin", () => {
  const text = "ab\r\n\r\ncd\r\n";
  const [ends, doc] = [lineEndsOf(text), docOf(text)];
  for (const [at, letter] of [...text].entries()) {
    const inEditor = ends.toEditor(doc, at);
    expect(doc.sliceString(inEditor, inEditor + 1)).toBe(letter === "\r" ? "\n" : letter);
    if (letter !== "\n") expect(ends.toFile(doc, inEditor)).toBe(at);
  }
  expect(ends.toEditor(doc, 1_000)).toBe(doc.length);
  expect(lineEndsOf("a").toEditor(docOf("a"), 5)).toBe(1);
});
