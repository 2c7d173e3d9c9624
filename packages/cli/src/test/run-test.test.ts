import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";

const shop = path.resolve(import.meta.dirname, "../../../../examples/three-tier-shop");
const directory = mkdtempSync(path.join(tmpdir(), "portcullis-test-"));
afterAll(() => rmSync(directory, { recursive: true }));

const at = (name: string) => path.join(directory, name);
const head = "apiVersion: portcullis.dev/v1alpha1\nkind: Assertions\nassertions:\n";

writeFileSync(at("good.yaml"), `${head}  - {from: web/frontend, to: data/db, port: 5432, expect: deny}\n`);
writeFileSync(
  at("bad.yaml"),
  `${head}  - {name: one, from: web/frontend, to: data/db, port: 5432, expect: allow}\n  - {name: two, from: web/frontend, to: data/db, port: 5432, expect: deny}\n`,
);
writeFileSync(at("broken.yaml"), `${head}  - {from: web/frontend, to: data/db, port: 5432, expect: maybe}\n`);

async function portcullis(...argv: string[]) {
  const io = new MemoryIo();
  const code = await run(argv, io);
  return { code, out: io.stdout, err: io.stderr };
}

describe("test", () => {
  test("finds the assertions that lie among the manifests", async () => {
    const { code, out } = await portcullis("test", "-f", shop);
    expect(code).toBe(0);
    expect(out).toContain("PASS     deny     the frontend never reaches the database\n");
    expect(out).toContain("\n11 assertions: 11 passed\n");
  });

  test("judges the files that are named instead, with 1 when one does not hold", async () => {
    const { code, out } = await portcullis("test", at("good.yaml"), at("bad.yaml"), "-f", shop);
    expect(code).toBe(1);
    expect(out).toContain("\n3 assertions: 2 passed, 1 failed\n");
    expect(out).toContain(`FAIL one (${at("bad.yaml")}:4)`);
  });

  test("takes a directory of assertions", async () => {
    writeFileSync(at("pod.yaml"), "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n");
    const { code, out, err } = await portcullis("test", directory, "-f", shop);
    expect(out).toContain("\n3 assertions: 2 passed, 1 failed\n");
    expect(code).toBe(1);
    expect(err).toContain(`${at("broken.yaml")}:4:`);
  });

  test.each([
    ["text", /RESULT/],
    ["json", /"failed": 1/],
    ["junit", /failures="1"/],
    ["sarif", /"ruleId": "assertion-failed"/],
    ["tap", /^TAP version 14\n1\.\.2\nnot ok 1 - one\n/],
    ["github", /^::error file=.*,line=4,/],
  ])("-o %s has the same exit code", async (output, expected) => {
    const { code, out } = await portcullis("test", at("bad.yaml"), "-f", shop, "-o", output);
    expect(code).toBe(1);
    expect(out).toMatch(expected);
  });

  test("--fail-fast leaves the rest", async () => {
    const { code, out } = await portcullis("test", at("bad.yaml"), "-f", shop, "--fail-fast");
    expect(code).toBe(1);
    expect(out).toContain("2 assertions: 0 passed, 1 failed, 1 not run");
  });

  test("--exit-zero only reports", async () => {
    const { code, out } = await portcullis("test", at("bad.yaml"), "-f", shop, "--exit-zero");
    expect([code, out.includes("1 failed")]).toEqual([0, true]);
  });

  test("what cannot be read is 2, with its place", async () => {
    const broken = await portcullis("test", at("broken.yaml"), "-f", shop);
    expect(broken.code).toBe(2);
    expect(broken.err).toMatch(
      /broken\.yaml:4:\d+: error: Assertions: assertions\[0\]\.expect: Unsupported value: "maybe"/,
    );
    const absent = await portcullis("test", at("absent.yaml"), "-f", shop);
    expect(absent.code).toBe(2);
    const none = await portcullis("test", "-f", path.join(shop, "policies.yaml"));
    expect(none.code).toBe(2);
    expect(none.err).toContain("no assertions in the manifests");
  });
});

describe("test --init", () => {
  test("writes what holds, not over a file that is there unless forced", async () => {
    const file = at("init.yaml");
    const first = await portcullis("test", "--init", file, "-f", shop);
    expect(first).toMatchObject({ code: 0, out: "" });
    const text = readFileSync(file, "utf8");
    expect((await portcullis("test", file, "-f", shop)).code).toBe(0);

    writeFileSync(file, "mine\n");
    const second = await portcullis("test", "--init", file, "-f", shop);
    expect(second.code).toBe(2);
    expect(second.err).toContain(`${file} is there already`);
    expect(readFileSync(file, "utf8")).toBe("mine\n");
    expect((await portcullis("test", "--init", file, "--force", "-f", shop)).code).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(text);
    expect((await portcullis("test", "--init", "-f", shop)).out).toBe(text);
    rmSync(file);
  });

  test("what it writes fails when a policy is taken away", async () => {
    const file = at("init.yaml");
    await portcullis("test", "--init", file, "-f", shop);
    const without = ["namespaces", "cluster", "frontend", "api", "data"].flatMap((name) => [
      "-f",
      path.join(shop, `${name}.yaml`),
    ]);
    const { code, out } = await portcullis("test", file, ...without);
    expect(code).toBe(1);
    expect(out).toMatch(/FAIL +deny +/);
    rmSync(file);
  });
});
