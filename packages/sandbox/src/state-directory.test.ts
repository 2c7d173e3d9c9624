import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { checkName, makeStateDirectory, stateDirectory } from "./state-directory.ts";

let runtime: string;
beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), "pc-"));
  vi.stubEnv("XDG_RUNTIME_DIR", runtime);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(runtime, { recursive: true, force: true });
});

test("it is below XDG_RUNTIME_DIR, private, and empty also when something was left in it", () => {
  const directory = makeStateDirectory("one");
  expect(directory).toBe(join(runtime, "portcullis", "one"));
  writeFileSync(join(directory, "api.sock"), "");
  expect(makeStateDirectory("one")).toBe(directory);
  expect(existsSync(join(directory, "api.sock"))).toBe(false);
  expect(existsSync(join(directory, "mount"))).toBe(true);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(join(runtime, "portcullis")).mode & 0o777).toBe(0o700);
});

test("without a runtime directory it is below the temporary one, with the user's number", () => {
  vi.stubEnv("XDG_RUNTIME_DIR", join(runtime, "none"));
  vi.stubEnv("TMPDIR", runtime);
  expect(stateDirectory("one")).toBe(join(runtime, `portcullis-${process.getuid?.()}`, "one"));
});

test("a link, a file, or a directory that others may enter is refused", () => {
  const base = join(runtime, "portcullis");
  mkdirSync(base, { mode: 0o700 });
  mkdirSync(join(runtime, "elsewhere"), { mode: 0o700 });
  symlinkSync(join(runtime, "elsewhere"), join(base, "link"));
  expect(() => makeStateDirectory("link")).toThrow(/no directory/);
  expect(existsSync(join(runtime, "elsewhere"))).toBe(true);
  writeFileSync(join(base, "file"), "");
  expect(() => makeStateDirectory("file")).toThrow();
  mkdirSync(join(base, "open"));
  chmodSync(join(base, "open"), 0o755);
  expect(() => makeStateDirectory("open")).toThrow(/others may enter it \(mode 755\)/);
  chmodSync(base, 0o770);
  expect(() => makeStateDirectory("one")).toThrow(/others may enter it \(mode 770\)/);
});

test("a path that is too long for a socket is told before anything is made", () => {
  const long = join(runtime, "x".repeat(100));
  mkdirSync(long);
  vi.stubEnv("XDG_RUNTIME_DIR", long);
  expect(() => makeStateDirectory("one")).toThrow(/too long for a socket .* 107 are possible/);
  expect(existsSync(join(long, "portcullis"))).toBe(false);
});

test.each(["", "A", "a/b", "..", "-a", "a-", "a b", "a".repeat(41)])("%j is no name", (name) => {
  expect(() => checkName(name)).toThrow(expect.objectContaining({ code: "unusable" }));
});

test.each(["a", "demo", "ci-17", "a".repeat(40)])("%j is a name", (name) => {
  expect(() => checkName(name)).not.toThrow();
});
