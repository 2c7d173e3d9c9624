import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { loadManifests } from "./load-manifests.ts";
import { readInput } from "./read-files.ts";

const root = mkdtempSync(path.join(tmpdir(), "portcullis-input-"));
afterAll(() => rmSync(root, { recursive: true }));

let folder = root;
let count = 0;
beforeEach(() => {
  folder = path.join(root, String(count++));
  mkdirSync(folder);
});

const at = (...parts: string[]) => path.join(folder, ...parts);
const pod = (name: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: c, image: i}]}\n`;
const read = (names: readonly string[], recursive = false) => readInput(names, recursive, new MemoryIo());

test("what is not read in a directory is named, with the reason", async () => {
  mkdirSync(at("sub"));
  for (const name of ["a.yaml", "notes.md", "sub/b.yaml"]) writeFileSync(at(name), pod("x"));
  symlinkSync(folder, at("up"));
  const socket = createServer();
  await new Promise<void>((resolve) => socket.listen(at("pipe.yaml"), resolve));
  const shallow = await read([folder]);
  expect(shallow.files.map(({ path }) => path)).toEqual([at("a.yaml")]);
  expect(shallow.passedOver).toEqual([
    { path: at("notes.md"), what: "other file", reason: "not .yaml, .yml or .json" },
    { path: at("pipe.yaml"), what: "other file", reason: "not a regular file" },
    { path: at("sub"), what: "directory", reason: "-R looks into subdirectories too" },
    { path: at("up"), what: "linked directory", reason: "symbolic links to directories are not followed" },
  ]);
  const deep = await read([folder], true);
  expect(deep.files.map(({ path }) => path)).toEqual([at("a.yaml"), at("sub", "b.yaml")]);
  expect(deep.passedOver).toHaveLength(3);
  socket.close();
});

test("all that cannot be read is told at once: code 2", async () => {
  writeFileSync(at("ok.yaml"), pod("x"));
  writeFileSync(at("binary.yaml"), Buffer.from([0xff]));
  writeFileSync(at("zipped.json"), Buffer.from([0x1f, 0x8b, 0xff]));
  symlinkSync(at("loop.yaml"), at("loop.yaml"));
  symlinkSync(at("nowhere"), at("gone.yaml"));
  await expect(read([folder, at("missing.yaml")])).rejects.toMatchObject({
    exitCode: 2,
    message: [
      `${at("gone.yaml")}: no such file or directory`,
      `${at("loop.yaml")}: too many symbolic links`,
      `${at("missing.yaml")}: no such file or directory`,
      `${at("binary.yaml")}: not UTF-8 text`,
      `${at("zipped.json")}: compressed with gzip`,
    ].join("\n"),
  });
});

test("a file that is too large is refused before it is read", async () => {
  writeFileSync(at("large.yaml"), "");
  truncateSync(at("large.yaml"), 200 * 1024 * 1024);
  await expect(read([at("large.yaml")])).rejects.toThrow(
    "large.yaml: 200 MiB; at most 32 Mi characters of one file are read",
  );
});

test("many files, in order", async () => {
  for (let index = 0; index < 500; index++) writeFileSync(at(`${10_000 + index}.yaml`), pod(`p${index}`));
  const { files } = await read([folder]);
  expect(files.map(({ path }) => path)).toEqual(files.map(({ path }) => path).sort());
  const seen: number[] = [];
  const { objects } = loadManifests(files, (index) => seen.push(index));
  expect([objects.length, seen.length, seen.at(-1)]).toEqual([500, 500, 499]);
});

test("a cyclic alias is a problem of its file alone", async () => {
  writeFileSync(at("a.yaml"), "a: &x [*x]\n");
  writeFileSync(at("b.yaml"), pod("b"));
  const { objects, refused } = loadManifests((await read([folder])).files);
  expect([objects.length, refused.length]).toEqual([1, 1]);
});
