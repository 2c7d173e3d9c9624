import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { leftovers } from "../world/leftovers.testing.ts";

const cli = fileURLToPath(new URL("../../bin/portcullis.mjs", import.meta.url));
const root = fileURLToPath(new URL("../../../../", import.meta.url));
const isRoot = process.getuid?.() === 0;

/** A user that no system has and no other run of this test takes, so that whatever runs as it is ours. */
const strangerUid = 200_000 + (process.pid % 100_000);

let home: string;
let mark: string;

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "portcullis-demo-"));
  mark = `PORTCULLIS_TEST_MARK=${randomUUID()}`;
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Player {
  readonly child: ChildProcess;
  /** What was printed so far. */
  output(): string;
  /** The exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** Starts `portcullis demo` in a process group of its own, as the terminal does. */
function play(uid: number | undefined): Player {
  if (uid !== undefined) {
    chownSync(home, uid, uid);
    chmodSync(home, 0o700);
  }
  const user = ["--reuid", String(uid), "--regid", String(uid), "--clear-groups", "--"];
  const demo = [
    process.execPath,
    cli,
    "demo",
    "--no-pause",
    "--name",
    path.basename(home).slice(-6).toLowerCase(),
  ];
  const [program, ...args] = uid === undefined ? demo : ["setpriv", ...user, ...demo];
  const [name, value] = mark.split("=") as [string, string];
  const child = spawn(program!, args, {
    cwd: root,
    detached: true,
    env: { PATH: process.env.PATH, HOME: home, XDG_RUNTIME_DIR: home, TMPDIR: home, [name]: value },
  });
  let output = "";
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | string>((resolve) => {
    child.once("close", (code, signal) => resolve(code ?? signal ?? ""));
  });
  return { child, output: () => output, ended };
}

function traces(uid: number | undefined) {
  return { mark, directory: home, ...(uid !== undefined && { uid }) };
}

const users: readonly (readonly [string, number | undefined])[] = isRoot
  ? [
      ["root", undefined],
      ["an unprivileged user", strangerUid],
    ]
  : [["this user", undefined]];

describe.each(users)("as %s", (_, uid) => {
  test("every prediction is confirmed by a packet, and nothing is left", async () => {
    const { output, ended } = play(uid);
    expect([await ended, output()]).toEqual([
      0,
      expect.stringMatching(/262 predictions, 262 confirmed by packets, \d+\.\d s/),
    ]);
    expect(output()).toContain("<title>Welcome to nginx!</title>");
    expect(output()).not.toContain("!  ");
    expect(leftovers(traces(uid))).toEqual([]);
  });

  test.each([
    ["before the first pod", "1   Two pods"],
    ["while connections hang", "3   Close every gate"],
    ["among many probes", "6a  Two dashes"],
  ])("Ctrl-C %s: code 130, and nothing is left", async (_, moment) => {
    const { child, output, ended } = play(uid);
    await expect.poll(output, { timeout: 30_000, interval: 20 }).toContain(moment);
    // The whole group, as the terminal's line discipline does.
    process.kill(-child.pid!, "SIGINT");
    expect([await ended, output()]).toEqual([130, expect.not.stringContaining("error:")]);
    expect(output()).not.toContain("confirmed by packets");
    expect(leftovers(traces(uid))).toEqual([]);
  });
});

test("the host's own packet filter is left alone", async (context) => {
  if (!isRoot) context.skip("only root can list the host's tables");
  const tables = () => execFileSync("nft", ["list", "tables"], { encoding: "utf8" });
  const before = tables();
  const { child, output, ended } = play(undefined);
  await expect.poll(output, { timeout: 30_000 }).toContain("4   Let the frontend out");
  expect(tables()).toBe(before);
  process.kill(child.pid!, "SIGTERM");
  expect(await ended).toBe(143);
  expect(tables()).toBe(before);
  expect(leftovers(traces(undefined))).toEqual([]);
});
