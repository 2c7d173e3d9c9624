import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";
import { isKubectlPlugin, worldSource } from "./world-source.ts";

const folder = mkdtempSync(path.join(tmpdir(), "portcullis-world-"));
afterAll(() => rmSync(folder, { recursive: true }));

const policy = (name: string, spec: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}}\nspec:\n  podSelector: {}\n${spec}`;
const pod = (name: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: c, image: i}]}\n`;
writeFileSync(path.join(folder, "pods.yaml"), `${pod("a")}---\n${pod("b")}`);
writeFileSync(path.join(folder, "one.yaml"), policy("one", "  ingres: []\n  egres: []\n"));
writeFileSync(path.join(folder, "two.yaml"), policy("two", "  types: []\n"));
writeFileSync(path.join(folder, "README.md"), "");

async function can(...args: string[]) {
  const io = new MemoryIo();
  const code = await run(["can", "a", "--to", "b:80", "-f", folder, ...args], io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

describe("the count of what was read", () => {
  const count = "read 2 objects in 3 files: 2 Pods; passed over: 1 other file; refused: 2\n";

  test("stands last on stderr, once", async () => {
    const { stderr } = await can();
    expect(stderr.endsWith(count)).toBe(true);
    expect(stderr.split(count)).toHaveLength(2);
  });

  test("-q leaves it out, but not what is wrong", async () => {
    const { stderr } = await can("-q");
    expect(stderr).not.toContain("read 2 objects");
    expect(stderr.match(/: error: /g)).toHaveLength(3);
  });

  test("-v names each, with its place", async () => {
    const { stderr } = await can("-v");
    expect(stderr).toContain(`read: ${folder}/pods.yaml:6: Pod default/b\n`);
    expect(stderr).toContain(`passed over: ${folder}/README.md: not .yaml, .yml or .json\n`);
    expect(stderr).toContain(
      `refused: ${folder}/one.yaml:1: NetworkPolicy default/one: unknown field "spec.ingres"
refused: ${folder}/two.yaml:1: NetworkPolicy default/two: unknown field "spec.types"
${count}`,
    );
  });

  test("comes before an error, which stands last", async () => {
    const io = new MemoryIo();
    expect(await run(["can", "a", "--to", "nobody:80", "-f", path.join(folder, "pods.yaml")], io)).toBe(2);
    expect(io.stderr).toMatch(/^read 2 objects in 1 file: 2 Pods\nerror: /);
  });
});

test("--fail-fast tells the first object that is refused, and nothing else: code 2", async () => {
  const { code, stdout, stderr } = await can("--fail-fast");
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr.match(/: error: /g)).toHaveLength(2);
  expect(stderr).toContain("default/one: spec.ingres");
  expect(stderr).toContain("default/one: spec.egres");
  expect(stderr).not.toContain("default/two");
  expect(stderr).toMatch(/stopped at the first object that is refused \(--fail-fast\)\n$/);
});

describe("where objects come from", () => {
  test.each([
    [{}, { kind: "nearest" }],
    [{ name: "x" }, { kind: "sandbox", name: "x" }],
    [{ filename: ["a"] }, { kind: "files", names: ["a"] }],
    [
      { filename: ["a"], name: "x" },
      { kind: "files", names: ["a"] },
    ],
    [{ cluster: true }, { kind: "cluster" }],
    [{ within: ["a"] }, { kind: "cluster" }],
    [{ context: "c" }, { kind: "cluster", context: "c" }],
    [
      { kubeconfig: "k", context: "c" },
      { kind: "cluster", kubeconfig: "k", context: "c" },
    ],
  ])("%j", (options, expected) => {
    expect(worldSource(options, false)).toEqual(expected);
  });

  test("kubectl's plugin looks at the current context, as kubectl does", () => {
    expect(worldSource({}, true)).toEqual({ kind: "cluster" });
    expect(worldSource({ name: "x" }, true)).toEqual({ kind: "sandbox", name: "x" });
    expect(worldSource({ filename: ["a"] }, true)).toEqual({ kind: "files", names: ["a"] });
    expect(isKubectlPlugin("/usr/bin/kubectl-portcullis")).toBe(true);
    expect(isKubectlPlugin("/usr/bin/portcullis")).toBe(false);
  });

  test.each([
    [{ filename: ["a"], cluster: true }, "-f and --cluster"],
    [{ filename: ["a"], kubeconfig: "k" }, "-f and --kubeconfig"],
    [{ name: "x", within: ["a"] }, "--name and --within"],
  ])("%j is refused", (options, words) => {
    expect(() => worldSource(options, false)).toThrow(`${words} contradict each other`);
  });
});
