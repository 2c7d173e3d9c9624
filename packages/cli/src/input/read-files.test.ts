import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { readFiles } from "./read-files.ts";

let root: string;
const io = new MemoryIo("kind: X\n");
const read = async (names: readonly string[], recursive = false) =>
  (await readFiles(names, recursive, io)).map((file) => path.relative(root, file.path));

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), "portcullis-"));
  mkdirSync(path.join(root, "dir", "sub"), { recursive: true });
  mkdirSync(path.join(root, "empty"));
  for (const name of ["dir/b.yaml", "dir/a.yml", "dir/c.json", "dir/notes.md", "dir/sub/d.yaml", "plain"]) {
    writeFileSync(path.join(root, name), `# ${name}\n`);
  }
  writeFileSync(path.join(root, "binary.yaml"), Buffer.from([0x61, 0xff, 0xfe]));
  symlinkSync(root, path.join(root, "dir", "up"));
});
afterAll(() => rmSync(root, { recursive: true }));

test("a directory's manifests are read in order of name, its subdirectories only when asked for", async () => {
  expect(await read([path.join(root, "dir")])).toEqual(["dir/a.yml", "dir/b.yaml", "dir/c.json"]);
  expect(await read([path.join(root, "dir")], true)).toEqual([
    "dir/a.yml",
    "dir/b.yaml",
    "dir/c.json",
    "dir/sub/d.yaml",
  ]);
});

test("a named file is read whatever its name, and once", async () => {
  const plain = path.join(root, "plain");
  expect(await read([plain, plain])).toEqual(["plain"]);
});

test("- is standard input", async () => {
  expect(await readFiles(["-"], false, io)).toEqual([{ path: "<stdin>", text: "kind: X\n" }]);
});

test.each([
  ["missing.yaml", "no such file or directory"],
  ["empty", "no manifest"],
  ["plain/x", "a part of the path is not a directory"],
  ["binary.yaml", "not UTF-8"],
])("%s: %s", async (name, words) => {
  await expect(readFiles([path.join(root, name)], false, io)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(words),
  });
});
