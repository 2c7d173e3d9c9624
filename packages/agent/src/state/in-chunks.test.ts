import { expect, test } from "vitest";
import { inChunks } from "./in-chunks.ts";

test("chunks are of some length but for the last, and nothing is lost", () => {
  const lines = Array.from({ length: 30_000 }, (_, i) => `line ${i}\n`);
  const chunks = [...inChunks(lines)];
  expect(chunks.join("")).toBe(lines.join(""));
  expect(chunks.length).toBeGreaterThan(3);
  for (const chunk of chunks.slice(0, -1)) expect(chunk.length).toBeGreaterThanOrEqual(65_536);
  expect([...inChunks([])]).toEqual([]);
  expect([...inChunks(["one\n"])]).toEqual(["one\n"]);
});
