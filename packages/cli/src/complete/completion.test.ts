import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";
import { shells } from "./scripts.ts";

const root = mkdtempSync(path.join(tmpdir(), "portcullis-complete-"));
afterAll(() => rmSync(root, { recursive: true }));

const manifests = path.join(root, "manifests");
mkdirSync(path.join(manifests, "sub"), { recursive: true });
writeFileSync(
  path.join(manifests, "shop.yaml"),
  `# the shop
apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    name: not-this
  # nor this: name
  name: "web"
  namespace: shop
spec: {}
---
apiVersion: v1
kind: Pod
metadata: {name: client, labels: {app: x}}
---
kind: Service
metadata:
    name: db
apiVersion: v1
---
kind: ConfigMap
metadata:
  name: settings
---
kind: List
items:
- {kind: Pod, metadata: {name: listed}}
`,
);
writeFileSync(
  path.join(manifests, "sub", "dump.json"),
  JSON.stringify({
    items: [
      { kind: "Pod", metadata: { name: "`reboot`" } },
      { kind: "Pod", metadata: { name: "a\n;reboot", namespace: "x" } },
      { kind: "StatefulSet", metadata: { name: "store", namespace: "data" } },
    ],
  }),
);
writeFileSync(path.join(manifests, "broken.yaml"), "kind: [\n---\nmetadata: {name: x}\n");
const kubeconfig = path.join(root, "kubeconfig");
writeFileSync(
  kubeconfig,
  JSON.stringify({ contexts: ["prod", "staging", "$(reboot)"].map((name) => ({ name, context: {} })) }),
);

async function reply(words: readonly string[]): Promise<string> {
  const io = new MemoryIo();
  expect(await run(["complete", "--", ...words], io)).toBe(0);
  expect(io.stderr).toBe("");
  return io.stdout;
}

async function completed(...words: string[]): Promise<string> {
  return (await reply(words))
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t")[0])
    .join(" ");
}

describe("what can follow", () => {
  test.each([
    [["versio"], "version :4"],
    [["can", "a", "--recur"], "--recursive :4"],
    [["can", "a", "-o", ""], "text json yaml :4"],
    [["can", "a", "-o", "j"], "json :4"],
    [["can", "a", "--output=j"], "--output=json :4"],
    [["completion", ""], "bash zsh fish :4"],
    [["completion", "bash", ""], ":4"],
    [["can", "a", "-f", "x"], ":0"],
    [["diff", "x"], ":0"],
    [["status", "x"], ":4"],
    [["can", ""], ":4"],
    [["--vers"], "--version :4"],
    [["can", "-f", manifests, ""], "client listed shop/web svc/db :4"],
    [["can", "-Rf", manifests, "--"], expect.stringContaining("--to")],
    [["can", `-f${manifests}`, "-n", "shop", "w"], "web :4"],
    [
      ["can", "client", "-R", "-f", manifests, "--to", ""],
      "client: data/store: listed: shop/web: svc/db: :6",
    ],
    [["can", "client", `--filename=${manifests}`, "--to=sv"], "--to=svc/db: :6"],
    [["who-can", "reach", "-f", manifests, "sh"], "shop/web: :6"],
    [["who-can", "be-reached-from", "-f", manifests, "sh"], "shop/web :4"],
    [["who-can", "r"], "reach :4"],
    [["lint", "--rule", "service-p"], "service-port :4"],
    [["list", "-f", manifests, "--focus", "cl"], "client :4"],
    [["up", "--keep", ""], ":0"],
    [["up", "--api-port", ""], ":4"],
    [["can", "-f", manifests, "-n", ""], "default shop :4"],
    [["can", "a", "--kubeconfig", kubeconfig, "--context", ""], "prod staging :4"],
    [["can", "a", "--kubeconfig", "/nonexistent", "--context", ""], ":4"],
    [["can", "-f", "/nonexistent", ""], ":4"],
    [["can", "--", "--t"], ":4"],
  ])("%j: %s", async (words, expected) => {
    expect(await completed(...words)).toEqual(expected);
  });

  test("a command, with what it does; hidden ones are not told", async () => {
    const lines = (await reply([""])).split("\n");
    expect(lines).toContain("can\tmay one pod reach another, and why (not)");
    expect(lines.filter((line) => line.startsWith("complete\t"))).toEqual([]);
  });

  test("a thousand objects are told in time", async () => {
    const many = path.join(root, "many.yaml");
    const pod = (index: number) =>
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p${index}\n  labels: {app: a}\nspec:\n  containers:\n  - name: c\n`;
    writeFileSync(many, Array.from({ length: 1000 }, (_, index) => pod(index)).join("---\n"));
    const start = process.cpuUsage().user;
    const words = (await completed("can", "-f", many, "")).split(" ");
    expect(words).toHaveLength(1001);
    expect((process.cpuUsage().user - start) / 1000).toBeLessThan(300);
  });
});

/** Runs the script in bash, with a program that keeps its arguments and gives a reply. */
async function bash(line: string, words: readonly string[]): Promise<{ asked: string[]; replies: string[] }> {
  const program = path.join(root, "portcullis");
  writeFileSync(program, `#!/bin/sh\nshift 2\nprintf '%s\\n' "$@" >${root}/asked\ncat ${root}/reply\n`);
  chmodSync(program, 0o755);
  writeFileSync(path.join(root, "reply"), await reply(words));
  const io = new MemoryIo();
  await run(["completion", "bash"], io);
  const script = `${io.stdout}
COMP_LINE=$1 COMP_POINT=\${#1}
_portcullis
printf '%s\\n' "\${COMPREPLY[@]}"
complete -p portcullis kubectl-portcullis >/dev/null`;
  const env = { ...process.env, PATH: `${root}:${process.env.PATH}` };
  const output = execFileSync("bash", ["--norc", "-c", script, "bash", line], {
    env,
    cwd: root,
    encoding: "utf8",
  });
  const lines = (text: string) => text.replace(/\n$/, "").split("\n");
  return { asked: lines(readFileSync(path.join(root, "asked"), "utf8")), replies: lines(output) };
}

describe("bash", () => {
  test.each<[string, string[], string[]]>([
    ["portcullis versio", ["versio"], ["version"]],
    ["portcullis can a -o ", ["can", "a", "-o", ""], ["text", "json", "yaml"]],
    ["portcullis can a --output=j", ["can", "a", "--output=j"], ["json"]],
    [
      `portcullis can client -f ${manifests} --to sv`,
      ["can", "client", "-f", manifests, "--to", "sv"],
      ["svc/db:"],
    ],
    ["portcullis can a --to svc/db:80", ["can", "a", "--to", "svc/db:80"], [""]],
    ["portcullis can a -f manif", ["can", "a", "-f", "manif"], ["manifests"]],
  ])("%s", async (line, words, expected) => {
    expect(await bash(line, words)).toEqual({ asked: words, replies: expected });
  });
});

test.each(shells)("%s gets a script", async (shell) => {
  const io = new MemoryIo();
  expect(await run(["completion", shell], io)).toBe(0);
  expect(io.stdout).toContain("kubectl-portcullis");
  expect(io.stdout).toContain("complete -- ");
});
