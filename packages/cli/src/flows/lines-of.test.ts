import fc from "fast-check";
import { expect, test } from "vitest";
import { linesOf } from "./lines-of.ts";

async function lines(chunks: Iterable<Buffer>): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for await (const line of linesOf(chunks)) found.push(line);
  return found;
}

test("however a text is cut into chunks, its lines are the same", async () => {
  const text = fc
    .array(fc.constantFrom("a", "\n", "ü", "\r", "漢"), { maxLength: 20 })
    .map((list) => list.join(""));
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(20)), async (whole, cuts) => {
      const bytes = Buffer.from(whole);
      const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
      const chunks = ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1]!, end));
      const expected = whole.split("\n");
      if (expected.at(-1) === "") expected.pop();
      expect(await lines(chunks)).toEqual(expected);
    }),
    { seed: 3, numRuns: 200 },
  );
});

test("what is no UTF-8, and what is longer than four megabytes, is no line; those around it are", async () => {
  const chunks = ["a\n", [0xff, 0xfe, 0x0a], "b\n", ...Array(5).fill("x".repeat(1 << 20)), "\nc"];
  expect(await lines(chunks.map((chunk) => Buffer.from(chunk as string)))).toEqual([
    "a",
    undefined,
    "b",
    undefined,
    "c",
  ]);
  expect(await lines([])).toEqual([]);
});
