import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { selfName } from "./self-name.ts";

let root: string;
let script: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "portcullis-"));
  script = path.join(root, "portcullis.mjs");
  writeFileSync(script, "");
  mkdirSync(path.join(root, "bin"));
});
afterEach(() => rmSync(root, { recursive: true }));

test("by name, when the PATH leads to this very program", () => {
  symlinkSync(script, path.join(root, "bin", "portcullis"));
  expect(selfName({ PATH: `/nowhere:${root}/bin` }, script)).toBe("portcullis");
});

test("by path, when another program of that name is found", () => {
  writeFileSync(path.join(root, "bin", "portcullis"), "");
  expect(selfName({ PATH: `${root}/bin` }, script)).toBe(`node ${path.relative("", script)}`);
});

test("by path, when nothing is found", () => {
  expect(selfName({}, script)).toBe(`node ${path.relative("", script)}`);
});
