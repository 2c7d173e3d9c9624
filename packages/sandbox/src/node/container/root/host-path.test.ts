import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hostPath } from "./host-path.ts";

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "paths-")));
  mkdirSync(`${base}/run`);
  mkdirSync(`${base}/var`);
  symlinkSync("../run", `${base}/var/relative`);
  symlinkSync(`${base}/run`, `${base}/var/absolute`);
  symlinkSync("loop", `${base}/var/loop`);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

test.each([
  ["/var/relative/secrets/x", "/run/secrets/x"],
  ["/var/absolute/secrets", "/run/secrets"],
  ["/var/none/at/all", "/var/none/at/all"],
  ["/var/../run/./x/", "/run/x"],
  ["/var/relative/..", "/var"],
])("%s leads to %s", (path, target) => {
  expect(hostPath(base + path)).toBe(base + target);
});

test("a circle of links ends, and nothing is above the root", () => {
  expect(hostPath(`${base}/var/loop/x`)).toBe(`${base}/var/loop/x`);
  expect(hostPath("/../../..")).toBe("/");
});
