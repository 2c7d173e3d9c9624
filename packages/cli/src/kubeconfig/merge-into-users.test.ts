import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exitCode } from "../io/exit-code.ts";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { mergeIntoUsers } from "./merge-into-users.ts";

const text = `apiVersion: v1
kind: Config
current-context: portcullis
contexts:
- name: portcullis
  context: {cluster: portcullis, user: portcullis, extensions: [{name: portcullis, extension: {}}]}
`;
const own = "kind: Config # mine\ncurrent-context: work\ncontexts:\n- name: work\n  context: {}\n";

let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "portcullis-kubeconfig-"));
  file = path.join(home, ".kube", "config");
  writeFileSync(path.join(home, "sandbox"), text);
});
afterEach(() => rmSync(home, { recursive: true }));

function merge(env: Readonly<Record<string, string>> = {}): string {
  const io = Object.assign(new MemoryIo(), { env: { HOME: home, ...env } });
  mergeIntoUsers(path.join(home, "sandbox"), text, io);
  return io.stderr;
}

test("a first kubeconfig is made, for this user alone", () => {
  expect(merge()).toContain(`context portcullis is in ${file}`);
  expect(readFileSync(file, "utf8")).toBe(text);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("where no file can be made, it says so", () => {
  writeFileSync(path.join(home, ".kube"), "no directory");
  expect(() => merge()).toThrow(
    expect.objectContaining({ name: "CliError", exitCode: exitCode.unavailable }),
  );
  expect(() => merge()).toThrow(`cannot merge into ${file}: `);
});

test("what it was is kept beside it, and nothing else is left; its mode stays", () => {
  merge();
  writeFileSync(file, own);
  chmodSync(file, 0o640);
  expect(merge()).toContain(`${file}.before-portcullis`);
  expect(readFileSync(`${file}.before-portcullis`, "utf8")).toBe(own);
  expect(readFileSync(file, "utf8")).toContain("# mine");
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readdirSync(path.dirname(file)).sort()).toEqual(["config", "config.before-portcullis"]);
  expect(merge()).toContain("already");
});

test("the first file of $KUBECONFIG, through a symbolic link that stays one", () => {
  const real = path.join(home, "real");
  const link = path.join(home, "link");
  writeFileSync(real, own);
  symlinkSync(real, link);
  merge({ KUBECONFIG: `:${link}:${path.join(home, "other")}` });
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, "utf8")).toContain("portcullis");
  expect(existsSync(file)).toBe(false);
});

test("refused: the sandbox's own file, a locked file, a stranger's context; the file stays", () => {
  expect(() => merge({ KUBECONFIG: path.join(home, "sandbox") })).toThrow("the sandbox's own file");
  merge();
  const strangers = own.replaceAll("work", "portcullis");
  writeFileSync(file, strangers);
  expect(() => merge()).toThrow(`cannot merge into ${file}: it has a context named portcullis`);
  expect(existsSync(`${file}.lock`)).toBe(false);
  writeFileSync(`${file}.lock`, "");
  expect(() => merge()).toThrow("is locked");
  expect(readFileSync(file, "utf8")).toBe(strangers);
});
