import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Changes } from "./changes.ts";

let directory: string;
let changes: Changes;
const file = (name: string) => path.join(directory, name);
const forever = new AbortController().signal;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "portcullis-changes-"));
});

afterEach(() => {
  changes.close();
  rmSync(directory, { recursive: true });
});

test("a directory: a file that appears, is replaced, is removed; several events of a save are one", async () => {
  changes = new Changes([{ path: directory, isDirectory: true }], false);
  writeFileSync(file("a.yaml"), "1");
  writeFileSync(file("a.yaml"), "2");
  expect(await changes.next(forever)).toBe(true);
  writeFileSync(file("b"), "new");
  renameSync(file("b"), file("a.yaml"));
  expect(await changes.next(forever)).toBe(true);
  rmSync(file("a.yaml"));
  expect(await changes.next(forever)).toBe(true);
});

test("below a directory, when asked", async () => {
  mkdirSync(file("deep"));
  changes = new Changes([{ path: directory, isDirectory: true }], true);
  writeFileSync(file("deep/a.yaml"), "1");
  expect(await changes.next(forever)).toBe(true);
});

test("a file that an editor replaces; its neighbours are of no account", async () => {
  writeFileSync(file("a.yaml"), "1");
  changes = new Changes([{ path: file("a.yaml"), isDirectory: false }], false);
  writeFileSync(file("other"), "x");
  const aborted = AbortSignal.timeout(300);
  expect(await changes.next(aborted)).toBe(false);
  writeFileSync(file("tmp"), "2");
  renameSync(file("tmp"), file("a.yaml"));
  expect(await changes.next(forever)).toBe(true);
});
