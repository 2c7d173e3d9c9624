import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";

const root = mkdtempSync(path.join(tmpdir(), "portcullis-lint-"));
afterAll(() => rmSync(root, { recursive: true }));

async function lint(args: readonly string[], stdin = "") {
  const io = new MemoryIo(stdin);
  const code = await run(["lint", "-q", ...args], io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

function write(name: string, text: string): string {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const policy = (name: string, spec: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ${name}\nspec:\n${spec}`;
const web =
  "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels:\n    app: web\nspec:\n  containers:\n    - name: web\n      image: nginx\n";
/** A warning and two remarks. */
const redundant = policy(
  "web",
  "  podSelector: {}\n  ingress:\n    - from:\n        - podSelector: {}\n    - from:\n        - podSelector:\n            matchLabels:\n              app: web\n",
);
/** An error. */
const ignored = policy("out", "  podSelector: {}\n  policyTypes: [Ingress]\n  egress:\n    - {}\n");

let folder = "";
let serial = 0;
beforeEach(() => {
  folder = `case-${serial++}`;
  write(`${folder}/web.yaml`, web);
  write(`${folder}/policy.yaml`, redundant);
});
const here = (name = "") => path.join(root, folder, name);

describe("findings", () => {
  test("as text: place, severity, object, path, message, code, the line, and how many", async () => {
    const { code, stdout, stderr } = await lint(["-f", here()]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      `${here("policy.yaml")}:10:7: warning: NetworkPolicy default/web: spec.ingress[1]: ingress[0] allows everything ` +
        "that this rule does. (--fix: remove the rule) [redundant-rule]\n  10 |     - from:\n     |       ^^^^^\n",
    );
    expect(stdout).toContain("note: allows it already");
    expect(stderr).toBe("1 warning, 1 remark\n");
  });

  test("are the same in every format", async () => {
    const all = await Promise.all(
      ["text", "json", "yaml", "sarif", "github"].map(async (format) => {
        const { stdout } = await lint(["-f", here(), "-o", format]);
        return { format, stdout };
      }),
    );
    const [text, json, yaml, sarif, github] = all.map(({ stdout }) => stdout);
    const { findings } = JSON.parse(json!);
    const codes = findings.map(({ code }: { code: string }) => code);
    expect(codes).toEqual(["redundant-rule", "egress-not-isolated"]);
    expect(parse(yaml!)).toEqual({ findings });
    expect([...text!.matchAll(/ \[([a-z-]+)\]$/gm)].map(([, code]) => code)).toEqual(codes);
    const [{ results, tool }] = JSON.parse(sarif!).runs;
    expect(results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(codes);
    expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(codes));
    expect(
      [...github!.matchAll(/^::(\w+) file=.*,title=([a-z-]+)::/gm)].map(([, level, code]) => [level, code]),
    ).toEqual([
      ["warning", "redundant-rule"],
      ["notice", "egress-not-isolated"],
    ]);
  });

  test("include what the API server would refuse, once", async () => {
    write(`${folder}/bad.yaml`, policy("bad", "  podSelector: {}\n  ingres: []\n"));
    write(`${folder}/old.yaml`, ignored.replace("networking.k8s.io/v1", "extensions/v1beta1"));
    const { code, stdout, stderr } = await lint(["-f", here(), "-o", "json"]);
    expect(code).toBe(1);
    const errors = JSON.parse(stdout).findings.filter(
      ({ severity }: { severity: string }) => severity === "error",
    );
    expect(errors.map(({ code }: { code: string }) => code)).toEqual([
      "unknown-field",
      "unserved-api-version",
    ]);
    expect(stderr).toBe("2 errors, 1 warning, 1 remark\n");
  });

  test("of standard input", async () => {
    const { stdout } = await lint(["-f", "-", "--rule", "redundant-rule"], `${redundant}---\n${web}`);
    expect(stdout).toMatch(/^<stdin>:10:7: warning: /);
  });

  test("names cannot write workflow commands or colours", async () => {
    const evil = ignored.replace("name: out", 'name: "x\\n::error::pwned\\e[31m"');
    for (const format of ["text", "github"]) {
      const { stdout } = await lint(["-f", "-", "-o", format], evil);
      expect(stdout).not.toMatch(/^::error::pwned/m);
      expect(stdout).not.toContain("\u001b");
    }
  });
});

describe("the exit code", () => {
  test.each([
    [["--fail-on=warning"], 1],
    [["--fail-on=info"], 1],
    [["--fail-on=error"], 0],
    [["--fail-on=never"], 0],
    [["--fail-on=warning", "--exit-zero"], 0],
    [["--fail-on=warning", "--rule", "selects-no-pod"], 0],
  ])("with %j is %d, in every format", async (options, expected) => {
    for (const format of ["text", "json", "sarif"])
      expect((await lint(["-f", here(), ...options, "-o", format])).code).toBe(expected);
  });

  test("is 1 for an error", async () => {
    write(`${folder}/out.yaml`, ignored);
    expect((await lint(["-f", here()])).code).toBe(1);
    expect((await lint(["-f", here(), "--fail-on=never"])).code).toBe(0);
  });

  test.each([
    [["--rule", "redundant-rul"], "Did you mean redundant-rule?"],
    [["--dry-run"], "go with --fix"],
    [["--fix", "-f", "-"], "files that it can write"],
    [["--config", "none.yaml"], "none.yaml: no such file"],
  ])("is 2 for %j", async (args, words) => {
    const { code, stderr } = await lint(args.includes("-f") ? args : ["-f", here(), ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});

describe("portcullis.yaml", () => {
  test("is found above the files, is no manifest, and sets severities", async () => {
    write(
      `${folder}/portcullis.yaml`,
      "lint:\n  rules:\n    redundant-rule: error\n    egress-not-isolated: off\n",
    );
    write(`${folder}/deep/er/policy.yaml`, redundant);
    for (const where of [here(), here("deep/er")]) {
      const { code, stdout, stderr } = await lint(["-f", where]);
      expect(code).toBe(1);
      expect(stdout).toMatch(/: error: .*\[redundant-rule\]/);
      expect(stderr).toBe("1 error\n");
    }
  });

  test("leaves out files", async () => {
    write(`${folder}/portcullis.yaml`, "lint:\n  exclude: ['pol*.yaml', 'vendor/']\n");
    write(`${folder}/vendor/x/out.yaml`, ignored);
    expect((await lint(["-f", here(), "-R"])).stderr).toBe("1 remark\n");
  });

  test.each([
    ["lint: {rule: {}}", "lint.rule: unknown field", "Did you mean rules?"],
    ["lint: {rules: {redundant: error}}", "there is no rule redundant", ""],
    ["lint: {rules: {redundant-rule: fatal}}", "none of off, info, warning, error", ""],
    ["lint: {podCidrs: [10.0.0.0/33]}", "10.0.0.0/33 is no prefix", ""],
    ["lint: {exclude: x}", "expected a list of texts", ""],
    ["lint: [", "portcullis.yaml: ", ""],
  ])("%s: code 2", async (text, words, mend) => {
    write(`${folder}/portcullis.yaml`, text);
    const { code, stderr } = await lint(["-f", here()]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).toContain(mend);
  });
});

describe("--fix", () => {
  test("--dry-run prints a patch that applies, and writes nothing", async () => {
    const { code, stdout, stderr } = await lint(["-f", here(), "--fix", "--dry-run", "--fail-on=warning"]);
    expect(code).toBe(0);
    expect(stderr).toBe("1 fix in 1 file; nothing was written\n");
    expect(readFileSync(here("policy.yaml"), "utf8")).toBe(redundant);
    execFileSync("git", ["apply", "--unsafe-paths", "-p1", `--directory=${root}`, "-"], {
      input: stdout.replaceAll(`${root}/`, "/"),
      cwd: "/",
    });
    expect(readFileSync(here("policy.yaml"), "utf8")).toBe(
      redundant.slice(0, redundant.lastIndexOf("    - from:")),
    );
  });

  test("writes the file whole, through links, keeps its mode, and tells what is left", async () => {
    write(`${folder}/real/policy.txt`, redundant);
    rmSync(here("policy.yaml"));
    symlinkSync("real/policy.txt", here("policy.yaml"));
    chmodSync(here("real/policy.txt"), 0o640);
    const { code, stdout, stderr } = await lint(["-f", here(), "--fix"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^--- a\/.*\n-.*- from:.*\n1 fix in 1 file\n1 remark\n$/s);
    expect(stdout).not.toContain("redundant-rule");
    expect(readFileSync(here("real/policy.txt"), "utf8")).not.toContain("matchLabels");
    expect(statSync(here("real/policy.txt")).mode & 0o777).toBe(0o640);
  });

  test("leaves proposals alone, unless they are asked for", async () => {
    write(`${folder}/policy.yaml`, policy("p", "  podSelector:\n    matchLabels:\n      app: Web\n"));
    expect((await lint(["-f", here(), "--fix"])).stderr).toMatch(/^0 fixes in 0 files\n/);
    expect((await lint(["-f", here(), "--fix", "--unsafe-fixes"])).stderr).toMatch(
      /\+ {6}app: web\n.*1 fix in 1 file/s,
    );
  });
});

test("--list-rules", async () => {
  const { code, stdout } = await lint(["--list-rules"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^CODE +SEVERITY +TITLE\nallow-all-overrides +warning +/);
  const { rules } = JSON.parse((await lint(["--list-rules", "-o", "json"])).stdout);
  expect(rules.length).toBe(stdout.trimEnd().split("\n").length - 1);
});

test("--help begins with examples", async () => {
  const { stdout } = await lint(["--help"]);
  expect(stdout).toMatch(/^Examples:\n {2}portcullis lint/);
});
