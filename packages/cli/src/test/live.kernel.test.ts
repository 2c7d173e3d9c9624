import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { leftovers } from "../world/leftovers.testing.ts";

const cli = fileURLToPath(new URL("../../bin/portcullis.mjs", import.meta.url));
const root = fileURLToPath(new URL("../../../../", import.meta.url));
const home = mkdtempSync(path.join(tmpdir(), "portcullis-live-"));
const mark = `PORTCULLIS_TEST_MARK=${randomUUID()}`;
const env = {
  PATH: process.env.PATH,
  HOME: home,
  XDG_RUNTIME_DIR: home,
  PORTCULLIS_TEST_MARK: mark.split("=")[1],
};
const policy = path.join(home, "policy.yaml");
const files = ["frontend", "backend", "backend-service"]
  .map((name) => `examples/tutorial/${name}.yaml`)
  .concat(policy)
  .flatMap((file) => ["-f", file]);
writeFileSync(
  policy,
  `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: only-http}
spec:
  podSelector: {matchLabels: {run: backend}}
  ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]
`,
);

let up: ChildProcess;
let upOutput = "";
let upEnded: Promise<unknown>;

function portcullis(
  args: readonly string[],
  stdin = "",
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, ...args], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, stdout, stderr });
    });
    child.stdin!.end(stdin);
  });
}

beforeAll(async () => {
  up = spawn(process.execPath, [cli, "up", ...files], { cwd: root, env });
  for (const stream of [up.stdout!, up.stderr!])
    stream.setEncoding("utf8").on("data", (text: string) => {
      upOutput += text;
    });
  upEnded = new Promise((resolve) => up.once("close", resolve));
  await vi.waitFor(() => expect(upOutput).toContain("Ctrl-C stops everything."), { timeout: 60_000 });
}, 70_000);

afterAll(async () => {
  up.kill("SIGTERM");
  await upEnded;
  rmSync(policy);
  expect(leftovers({ mark, directory: home })).toEqual([]);
  rmSync(home, { recursive: true, force: true });
});

const assertions = `apiVersion: portcullis.dev/v1alpha1
kind: Assertions
assertions:
  - {name: through the Service, from: frontend, to: svc/backend, port: 80, expect: allow}
  - {name: not back, from: backend, to: backend, port: 80, expect: allow, mayBeEmpty: true}
  - {name: other ports, from: frontend, to: backend, ports: 81-90, expect: deny}
  - {name: from outside, from: outside, to: backend, ports: all, expect: deny}
`;

test("the programs that run answer as predicted, and packets that nobody can send are said so", async () => {
  const { code, stdout } = await portcullis(["test", "-", "--live"], assertions);
  expect(stdout).toContain("PASS     allow    through the Service (2 packets)\n");
  expect(stdout).toContain("PASS     deny     other ports (4 packets)\n");
  expect(stdout).toContain("PASS     deny     from outside (no packet can try it)\n");
  expect([code, stdout.split("\n").at(-2)]).toEqual([0, "4 assertions: 4 passed"]);
});

test("a policy that is in the files but not in force is found out", async () => {
  expect((await portcullis(["delete", "networkpolicy", "only-http"])).code).toBe(0);
  const { code, stdout } = await portcullis(["test", "-", "--live", ...files, "-o", "json"], assertions);
  const data = JSON.parse(stdout) as {
    assertions: { name: string; status: string; predicted: string; observed: { details: string[] } }[];
  };
  const failed = data.assertions.filter(({ status }) => status !== "pass");
  expect(failed.map(({ name, predicted }) => [name, predicted])).toEqual([["other ports", "pass"]]);
  expect(failed[0]!.observed.details[0]).toMatch(
    /^default\/frontend → default\/backend \(\S+\) on TCP 81: it arrived$/,
  );
  expect(code).toBe(1);
});
