import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSandbox } from "../start.ts";
import { defaultSearchPath, findTool } from "../tools.ts";
import { mergeMends } from "./merge-mends.ts";
import { checkPrograms, missingPrograms } from "./programs.ts";
import { explainRefusal } from "./user-namespaces.ts";

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "portcullis-checks-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function directoryOfPrograms(name: string, programs: readonly string[]): string {
  const directory = join(scratch, name);
  mkdirSync(directory);
  for (const program of programs) {
    writeFileSync(join(directory, program), "#!/bin/sh\necho version 1 of $0\n");
    chmodSync(join(directory, program), 0o755);
  }
  return directory;
}

const required = ["unshare", "nsenter", "setpriv", "mount", "ip", "conntrack"];

test("what is missing comes with its package, and what can be done without is not missed", async () => {
  const bin = directoryOfPrograms("some", required);
  expect(missingPrograms(bin)).toEqual([
    expect.objectContaining({
      check: "nft",
      ok: false,
      required: true,
      mend: "sudo apt-get install nftables",
    }),
  ]);
  const checks = await checkPrograms(bin);
  expect(checks.filter(({ ok }) => !ok).map(({ check, required }) => [check, required])).toEqual([
    ["nft", true],
    ["curl", false],
    ["nginx", false],
  ]);
});

test("a sandbox does not start without nft, and says what to type", async () => {
  const searchPath = directoryOfPrograms("without-nft", required);
  await expect(startSandbox({ name: `checks-${process.pid}`, searchPath })).rejects.toMatchObject({
    code: "machine",
    message: "nft is not installed (puts policies in the kernel)",
    mend: "sudo apt-get install nftables",
  });
  await expect(startSandbox({ name: `checks-${process.pid}`, searchPath: scratch })).rejects.toMatchObject({
    mend: "sudo apt-get install conntrack iproute2 mount nftables util-linux",
  });
});

test("a directory, or a file that may not be run, is no program", () => {
  const bin = directoryOfPrograms("odd", []);
  mkdirSync(join(bin, "ip"));
  writeFileSync(join(bin, "nft"), "");
  symlinkSync("/nonexistent", join(bin, "curl"));
  for (const name of ["ip", "nft", "curl"]) expect(findTool(name, bin)).toBeUndefined();
  expect(defaultSearchPath().split(":")).toContain("/usr/sbin");
});

describe("why user namespaces are refused", () => {
  const settings = (name: string, values: Readonly<Record<string, string>>): string => {
    const root = join(scratch, name);
    for (const [path, value] of Object.entries(values)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), `${value}\n`);
    }
    return root;
  };
  const words = "unshare: write failed /proc/self/uid_map: Operation not permitted";

  test.each([
    ["kernel/apparmor_restrict_unprivileged_userns", "1", "0", /AppArmor/],
    ["kernel/unprivileged_userns_clone", "0", "1", /only root/],
    ["user/max_user_namespaces", "0", "15000", /limited to none/],
  ])("%s = %s", (path, value, mended, why) => {
    const root = settings(`set-${path.replaceAll("/", "-")}`, { [path]: value });
    const { detail, mend } = explainRefusal(words, root);
    expect(detail).toMatch(why);
    expect(detail).toContain(words);
    expect(mend).toBe(`sudo sysctl -w ${path.replaceAll("/", ".")}=${mended}`);
  });

  test("with harmless settings it is taken for a container", () => {
    const root = settings("harmless", {
      "kernel/apparmor_restrict_unprivileged_userns": "0",
      "kernel/unprivileged_userns_clone": "1",
      "user/max_user_namespaces": "9",
    });
    expect(explainRefusal(words, root)).toEqual({ detail: words, mend: expect.stringContaining("seccomp") });
  });
});

test("mends are merged: one installation, every other command once", () => {
  expect(mergeMends(["b", "sudo apt-get install y", "a", "sudo apt-get install x", "b"])).toBe(
    "sudo apt-get install x y\nb\na",
  );
  expect(mergeMends([])).toBe("");
});
