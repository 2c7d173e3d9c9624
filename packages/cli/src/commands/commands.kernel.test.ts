import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { leftovers } from "../world/leftovers.testing.ts";

const cli = fileURLToPath(new URL("../../bin/portcullis.mjs", import.meta.url));
const root = fileURLToPath(new URL("../../../../", import.meta.url));
const home = mkdtempSync(path.join(tmpdir(), "portcullis-commands-"));
const mark = `PORTCULLIS_TEST_MARK=${randomUUID()}`;
const env = {
  PATH: process.env.PATH,
  HOME: home,
  XDG_RUNTIME_DIR: home,
  PORTCULLIS_TEST_MARK: mark.split("=")[1],
};

let up: ChildProcess;
let upOutput = "";
let upEnded: Promise<number | null>;

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line as another terminal would. */
function portcullis(args: readonly string[], stdin = "", environment = env): Promise<Result> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: environment };
    const child = execFile(process.execPath, [cli, ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, stdout, stderr });
    });
    child.stdin!.end(stdin);
  });
}

const tutorial = (...names: string[]) => names.flatMap((name) => ["-f", `examples/tutorial/${name}`]);

beforeAll(async () => {
  const files = tutorial("frontend.yaml", "backend.yaml", "backend-service.yaml");
  up = spawn(process.execPath, [cli, "up", ...files], { cwd: root, env });
  for (const stream of [up.stdout!, up.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      upOutput += text;
    });
  }
  upEnded = new Promise((resolve) => {
    up.once("close", resolve);
  });
  await vi.waitFor(() => expect(upOutput).toContain("Ctrl-C stops everything."), { timeout: 30_000 });
});

afterAll(async () => {
  up.kill("SIGTERM");
  await upEnded;
  rmSync(home, { recursive: true, force: true });
});

test("up tells what runs and where", () => {
  expect(upOutput).toMatch(/pod frontend runs at 10\.\d+\.\d+\.\d+/);
  expect(upOutput).toMatch(/service backend has 10\.96\.\d+\.\d+/);
});

test("get shows it", async () => {
  const { code, stdout } = await portcullis(["get", "all", "-o", "wide"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE$/m);
  expect(stdout).toMatch(/^pod\/frontend +1\/1 +Running +0 /m);
  expect(stdout).toMatch(/^service\/backend +ClusterIP +10\.96\./m);
});

test("exec passes streams and the exit code on", async () => {
  const echoed = await portcullis(["exec", "-i", "frontend", "--", "cat"], "three\nlines\n\n");
  expect(echoed).toEqual({ code: 0, stdout: "three\nlines\n\n", stderr: "" });
  expect((await portcullis(["exec", "frontend", "-it", "--", "sh", "-c", "exit 42"])).code).toBe(42);
  expect((await portcullis(["exec", "ghost", "--", "true"])).code).toBe(3);
});

test("what can says, curl finds: open, denied as soon as apply returns, open again as soon as delete does", async () => {
  const ask = async () => (await portcullis(["can", "frontend", "--to", "svc/backend:80"])).code;
  const { stdout } = await portcullis(["get", "svc", "backend", "-o", "json"]);
  const { clusterIP } = (JSON.parse(stdout) as { spec: { clusterIP: string } }).spec;
  const curl = () => portcullis(["exec", "frontend", "--", "curl", "-sS", "-m", "1", `http://${clusterIP}`]);

  expect(await ask()).toBe(0);
  expect((await curl()).stdout).toContain("Welcome to nginx!");

  expect((await portcullis(["apply", ...tutorial("default-deny.yaml")])).code).toBe(0);
  expect((await curl()).code).toBe(28);
  expect(await ask()).toBe(1);

  expect((await portcullis(["delete", "netpol", "default-deny"])).code).toBe(0);
  expect((await curl()).code).toBe(0);
  expect(await ask()).toBe(0);
});

test("a bad policy is refused with its place, and the good one beside it is applied", async () => {
  const policy = (name: string, types: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}}\n` +
    `spec: {podSelector: {matchLabels: {none: such}}, policyTypes: [${types}]}\n---\n`;
  const { code, stdout, stderr } = await portcullis(
    ["apply", "-f", "-"],
    policy("bad", "Sideways") + policy("good", "Ingress"),
  );
  expect([code, stdout]).toEqual([2, "networkpolicy.networking.k8s.io/good created\n"]);
  expect(stderr).toMatch(/^<stdin>:4:\d+: error: NetworkPolicy default\/bad: spec\.policyTypes\[0\]: /);
  expect((await portcullis(["get", "netpol", "-o", "name"])).stdout).toBe(
    "networkpolicy.networking.k8s.io/good\n",
  );
});

test("kubectl gets the sandbox's kubeconfig and all arguments as they are, and gives its exit code", async () => {
  const printed = (await portcullis(["kubeconfig"])).stdout;
  expect((await portcullis(["kubeconfig", "--print"])).stdout).toBe(readFileSync(printed.trim(), "utf8"));
  const bin = mkdtempSync(path.join(home, "bin-"));
  writeFileSync(path.join(bin, "kubectl"), '#!/bin/sh\necho "$KUBECONFIG"\nprintf "<%s>" "$@"\nexit 7\n', {
    mode: 0o755,
  });
  const withKubectl = { ...env, PATH: `${bin}:${env.PATH}` };
  for (const args of [
    ["-n", "x", "exec", "pod", "--name", "y", "--", "sh", "-c", "a  b"],
    ["--version"],
    ["get", "pods", "--help"],
    ["create", "", "-h", "--", "--"],
  ]) {
    const { code, stdout } = await portcullis(["kubectl", ...args], "", withKubectl);
    expect(stdout).toBe(printed + args.map((arg) => `<${arg}>`).join(""));
    expect(code).toBe(7);
  }
  const named = await portcullis(["kubectl", "--name", "default", "get", "pods"], "", withKubectl);
  expect(named.stdout).toBe(`${printed}<get><pods>`);
  const none = await portcullis(["kubectl", "get", "pods"], "", { ...env, PATH: bin.slice(0, -1) });
  expect(none.code).toBe(3);
  expect(none.stderr).toContain("there is no kubectl on the PATH");
  rmSync(bin, { recursive: true });
});

test("kubeconfig --merge adds the context to the user's own file", async () => {
  const { code, stderr, stdout } = await portcullis(["kubeconfig", "--merge"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  const file = path.join(home, ".kube", "config");
  expect(stderr).toContain(`context portcullis is in ${file}`);
  expect(readFileSync(file, "utf8")).toContain("current-context: portcullis\n");
  rmSync(path.dirname(file), { recursive: true });
});

test("a second sandbox of the name: code 3 and what to do; the first one lives on", async () => {
  const { code, stderr } = await portcullis(["up"]);
  expect(code).toBe(3);
  expect(stderr).toContain("runs already");
  expect((await portcullis(["get", "pods"])).code).toBe(0);
});

test("what is not there: code 2 for an object, code 3 for a sandbox", async () => {
  expect((await portcullis(["get", "pod", "ghost"])).code).toBe(2);
  expect((await portcullis(["delete", "pod", "ghost"])).code).toBe(2);
  expect((await portcullis(["get", "pods", "--name", "other"])).code).toBe(3);
});

test("down ends it: up returns with code 0, and nothing is left", async () => {
  expect((await portcullis(["down"])).code).toBe(0);
  expect(await upEnded).toBe(0);
  expect(leftovers({ mark, directory: home })).toEqual([]);
  expect((await portcullis(["down"])).code).toBe(3);
});
