import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Verification } from "@portcullis/engine";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { leftovers } from "../world/leftovers.testing.ts";
import { manyPods } from "./many-pods.testing.ts";
import { reachOf, shop } from "./three-tier-shop.testing.ts";

const cli = fileURLToPath(new URL("../../bin/portcullis.mjs", import.meta.url));
const root = fileURLToPath(new URL("../../../../", import.meta.url));
const home = mkdtempSync(path.join(tmpdir(), "portcullis-verify-"));
const mark = `PORTCULLIS_TEST_MARK=${randomUUID()}`;
const env = {
  PATH: process.env.PATH,
  HOME: home,
  XDG_RUNTIME_DIR: home,
  PORTCULLIS_TEST_MARK: mark.split("=")[1],
};

afterAll(() => rmSync(home, { recursive: true, force: true }));
afterEach(() => expect(leftovers({ mark, directory: home })).toEqual([]));

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line, with what it writes on pipes. */
function verify(args: readonly string[], stdin = ""): Promise<Result> {
  return new Promise((resolve) => {
    const options = { cwd: root, env, maxBuffer: 1 << 28 };
    const child = execFile(process.execPath, [cli, "verify", ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, stdout, stderr });
    });
    child.stdin!.end(stdin);
  });
}

test("the three-tier shop: every packet does what the engine and expected.yaml say", async () => {
  const folder = "examples/three-tier-shop";
  const { code, stdout, stderr } = await verify([
    ...["-f", folder, "--assert", `${folder}/assertions.yaml`, "-o", "json"],
  ]);
  expect([code, stderr]).toEqual([0, ""]);
  const verification = JSON.parse(stdout) as Verification & { readonly confirmed: boolean };
  expect(verification.disagreements).toEqual([]);
  expect(verification.confirmed).toBe(true);
  expect(reachOf(verification, "pod")).toEqual(shop.expected.pods);
  expect(reachOf(verification, "service")).toEqual(shop.expected.services);
  expect(verification.assertions.filter(({ holds, flows }) => !holds || flows === 0)).toEqual([]);
  expect(verification.notProbed.map(({ what }) => what)).toEqual(["DaemonSet tools/node-agent"]);
});

test("the tutorial's files", async () => {
  const { code, stdout } = await verify(["-f", "examples/tutorial"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+ probes, 0 disagreements with the engine's predictions$/m);
});

// PORTCULLIS_VERIFY_PODS=100 is the size that docs/verify.md gives a time for.
const pods = Number(process.env.PORTCULLIS_VERIFY_PODS ?? 20);

test(`${pods} pods and 25 policies of every kind`, async () => {
  const seed = Number(process.env.PORTCULLIS_SEED ?? 5);
  const started = performance.now();
  const { code, stdout } = await verify(
    ["-f", "-", "--port", "80", "--port", "53/udp"],
    manyPods({ pods, policies: 25, seed }),
  );
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`${pods} pods at two ports, seed ${seed}: ${seconds.toFixed(1)} s\n`);
  expect(stdout).toContain(`${pods} pods, 0 Services, 25 policies`);
  expect(stdout).toMatch(/^[\d,]+ probes, 0 disagreements with the engine's predictions$/m);
  expect(code).toBe(0);
});

test("a failed assertion is code 1, a bad manifest or assertion code 2", async () => {
  const pod = (name: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: c, ports: [{containerPort: 80}]}]}\n---\n`;
  const assertions = (outcome: string) =>
    `apiVersion: portcullis.dev/v1alpha1\nkind: Assertions\nassertions: [{from: a, to: b, port: 80, expect: ${outcome}}]\n`;
  const file = path.join(home, "assertions.yaml");
  writeFileSync(file, assertions("deny"));
  const failed = await verify(["-f", "-", "--assert", file, "-o", "junit"], pod("a") + pod("b"));
  expect(failed.code).toBe(1);
  expect(failed.stdout).toContain("default/a may reach default/b on TCP 80");

  writeFileSync(file, assertions("perhaps"));
  const invalid = await verify(["-f", "-", "--assert", file], pod("a") + pod("b"));
  expect([invalid.code, invalid.stdout]).toEqual([2, ""]);
  expect(invalid.stderr).toContain("assertions.yaml:3:");
  rmSync(file);

  const broken = await verify(["-f", "-"], `${pod("a")}${pod("B")}${pod("c")}`);
  expect(broken.code).toBe(2);
  expect(broken.stderr).toContain("<stdin>:8:");
  expect(broken.stdout).toContain("2 pods");
});

test("Ctrl-C: code 130, and nothing is left", async () => {
  const child = spawn(process.execPath, [cli, "verify", "-f", "-", "--port", "80"], { cwd: root, env });
  child.stdin.end(manyPods({ pods: 20, policies: 25, seed: 1 }));
  child.stdout.resume();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  // Its files are there as soon as a sandbox starts; twenty pods keep it busy for a while after that.
  await vi.waitFor(() => expect(readdirSync(home).length).toBeGreaterThan(0), { timeout: 30_000 });
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(stderr).toContain("stopping sandbox");
});
