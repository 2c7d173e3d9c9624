import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { findKubectl } from "./find-kubectl.ts";

const root = mkdtempSync(path.join(tmpdir(), "portcullis-find-kubectl-"));
afterAll(() => rmSync(root, { recursive: true }));

test("the first that can be run; else an error that says what to do", () => {
  const inPath = (...names: string[]) => ({ PATH: names.map((name) => path.join(root, name)).join(":") });
  for (const name of ["data", "program"]) mkdirSync(path.join(root, name));
  mkdirSync(path.join(root, "directory", "kubectl"), { recursive: true });
  for (const name of ["data", "program"]) writeFileSync(path.join(root, name, "kubectl"), "");
  chmodSync(path.join(root, "program", "kubectl"), 0o755);
  expect(findKubectl(inPath("none", "directory", "data", "program"))).toBe(
    path.join(root, "program", "kubectl"),
  );
  expect(() => findKubectl(inPath("none", "directory", "data"))).toThrow("no kubectl on the PATH");
});
