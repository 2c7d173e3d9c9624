import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { MemoryIo } from "./io/memory-io.testing.ts";
import { run } from "./main.ts";
import { buildProgram } from "./program.ts";
import { formatYaml } from "./text/yaml.ts";

const tutorial = fileURLToPath(new URL("../../../examples/tutorial", import.meta.url));
const root = mkdtempSync(path.join(tmpdir(), "portcullis-"));
afterAll(() => rmSync(root, { recursive: true }));

async function portcullis(args: readonly string[], stdin = "") {
  const io = new MemoryIo(stdin);
  const code = await run(args, io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

const files = (...names: string[]) => names.flatMap((name) => ["-f", path.join(tutorial, name)]);
const web = files("frontend.yaml", "backend.yaml", "backend-service.yaml");

describe("help", () => {
  const { commands } = buildProgram({ io: new MemoryIo(), finish: () => {} });
  // `kubectl --help` is kubectl's own.
  const names = commands.flatMap((command) => [
    command.name(),
    ...command.commands.map((inner) => `${command.name()} ${inner.name()}`),
  ]);
  test.each(names.filter((name) => name !== "kubectl"))("%s --help begins with examples", async (command) => {
    const { code, stdout } = await portcullis([...command.split(" "), "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Examples:\n  portcullis ${command}`));
    expect(stdout).toContain(`Usage: portcullis ${command}`);
  });

  test("help kubectl is ours, for kubectl --help is kubectl's", async () => {
    const { code, stdout } = await portcullis(["help", "kubectl"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Examples:\n {2}portcullis kubectl/);
  });

  test("the program's own help does too, and fits on a page", async () => {
    const { code, stdout } = await portcullis(["--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Examples:\n {2}portcullis demo/);
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
  });
});

describe("usage errors end with code 2 and a guess", () => {
  test.each([
    [["cna"], "Did you mean can?"],
    [["get", "--nmaespace", "x"], "Did you mean --namespace?"],
    [["can", "frontend"], "--to"],
    [["can", "frontend", "--to", "backend"], "has no port"],
    [["version", "-o", "xml"], "Allowed choices are text, json"],
    [["down", "--name", "../x"], "at most 32"],
    [["up", "--api-port", "70000"], "a number from 1 to 65535"],
    [["up", "--audit-log", "/no/such/directory/log"], "cannot write to /no/such/directory/log"],
    [["apply"], "nothing to apply"],
    [["delete"], "either TYPE NAME or -f FILE"],
    [["exec", "frontend"], "missing required argument"],
  ])("%j: %s", async (args, words) => {
    const { code, stdout, stderr } = await portcullis(args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(words);
  });
});

describe("can", () => {
  const question = ["can", "frontend", "--to", "backend:80"];

  test("allowed: one sentence, the reasoning, code 0", async () => {
    const { code, stdout, stderr } = await portcullis([...question, ...web]);
    expect(code).toBe(0);
    expect(stdout.split("\n")[0]).toMatch(/^default\/frontend may reach default\/backend on TCP 80: .*\.$/);
    expect(stdout).toContain("Egress, out of default/frontend: allowed");
    expect(stderr).toBe("read 3 objects in 3 files: 2 Pods, 1 Service\n");
  });

  test("denied: code 1, with the place of the policy", async () => {
    const { code, stdout } = await portcullis([...question, ...web, ...files("default-deny.yaml")]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^default\/frontend may not reach/);
    expect(stdout).toMatch(/default-deny\.yaml:3/);
  });

  test("the code is the same for every output, and json and yaml say the same", async () => {
    const args = [...question, ...web, ...files("default-deny.yaml")];
    const json = await portcullis([...args, "-o", "json"]);
    const yaml = await portcullis([...args, "-o", "yaml"]);
    expect([json.code, yaml.code]).toEqual([1, 1]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      allowed: false,
      verdicts: [{ allowed: false, source: { pod: "default/frontend" }, port: 80 }],
    });
    expect(yaml.stdout).toBe(formatYaml(JSON.parse(json.stdout)));
  });

  test("a Service is judged behind its address", async () => {
    const { code, stdout } = await portcullis(["can", "frontend", "--to", "svc/backend:80", ...web]);
    expect(code).toBe(0);
    expect(stdout).toContain("default/backend");
  });

  test("reads standard input, and takes names in the namespace that -n says", async () => {
    const pods = ["a", "b"].map((name) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "shop" },
      spec: { containers: [{ name, image: "x" }] },
    }));
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: pods });
    expect((await portcullis(["can", "a", "--to", "b:53/udp", "-n", "shop", "-f", "-"], list)).code).toBe(0);
    expect((await portcullis(["can", "a", "--to", "b:53/udp", "-f", "-"], list)).code).toBe(2);
  });

  test("a broken policy is reported and left out; the answer is for the rest", async () => {
    const broken = path.join(root, "broken.yaml");
    writeFileSync(
      broken,
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: bad}\nspec:\n  podSelector: {}\n  ingres: []\n",
    );
    const { code, stdout, stderr } = await portcullis([...question, ...web, "-f", broken]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^default\/frontend may reach/);
    expect(stderr).toContain(
      `${broken}:6:3: error: NetworkPolicy default/bad: spec.ingres: unknown field "spec.ingres"`,
    );
    expect(stderr).toContain("  6 |   ingres: []\n    |   ^^^^^^\n");
    expect(stderr).toContain("leaves out what has an error");
  });

  test("a peer that is not there: code 2", async () => {
    const { code, stdout, stderr } = await portcullis(["can", "frontend", "--to", "backnd:80", ...web]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Did you mean backend?");
  });

  test("input that is not there: code 2", async () => {
    const { code, stderr } = await portcullis([...question, "-f", path.join(root, "none.yaml")]);
    expect(code).toBe(2);
    expect(stderr).toContain("none.yaml: no such file or directory");
  });
});

test("version", async () => {
  expect((await portcullis(["version"])).stdout).toMatch(/^portcullis \d+\.\d+\.\d+ \(Node\.js /);
  expect(JSON.parse((await portcullis(["version", "-o", "json"])).stdout)).toMatchObject({
    portcullis: expect.stringMatching(/^\d+\.\d+\.\d+$/),
  });
  expect((await portcullis(["--version"])).code).toBe(0);
});
