import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { CliError } from "../io/cli-error.ts";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { watchTest } from "./watch-test.ts";

const directory = mkdtempSync(path.join(tmpdir(), "portcullis-watch-"));
afterAll(() => rmSync(directory, { recursive: true }));
const file = path.join(directory, "a.yaml");
writeFileSync(file, "one\n");

const options = { files: [file], filename: [directory], name: "default", output: "text" };

test("tests at once and after each save, goes on after what cannot be read, and ends with the signal", async () => {
  const io = new MemoryIo();
  const controller = new AbortController();
  let runs = 0;
  const watching = watchTest(options, io, controller.signal, async () => {
    runs++;
    if (runs === 2) throw new CliError(2, "a.yaml: no such file or directory");
    return 0;
  });
  const ended = expect(watching).rejects.toThrow("enough");
  await vi.waitFor(() => expect(io.stderr).toContain("watching for changes"));
  expect(runs).toBe(1);
  for (const [text, times] of [
    ["two\n", 2],
    ["three\n", 3],
  ] as const) {
    writeFileSync(file, text);
    await vi.waitFor(() => expect(runs).toBe(times));
  }
  expect(io.stderr).toContain("a.yaml: no such file or directory");
  controller.abort(new Error("enough"));
  await ended;
});

test.each([
  [{ ...options, files: ["-"] }, "--watch follows files"],
  [{ ...options, files: [], filename: [] }, "--watch follows files"],
  [{ ...options, files: [path.join(directory, "ghost.yaml")] }, "ghost.yaml: no such file or directory"],
])("%o cannot be followed", async (bad, message) => {
  const never = async () => expect.fail("nothing is tested");
  await expect(watchTest(bad, new MemoryIo(), new AbortController().signal, never)).rejects.toThrow(message);
});
