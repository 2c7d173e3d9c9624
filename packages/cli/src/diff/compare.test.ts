import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";

const workload = (name: string, namespace = "shop"): string =>
  `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: c, image: i}]}
---
`;
const policy = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: ${spec}
---
`;
const deny = policy("deny", "{podSelector: {}}");
const allow = (port: number) =>
  policy(
    "web",
    `
  podSelector: {matchLabels: {app: db}}
  ingress:
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: ${port}}]`,
  );

let root = "";
const at = (name: string) => path.join(root, name);
const write = (name: string, text: string) => {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
};
const git = (...args: string[]) =>
  execFileSync("git", ["-C", at("repo"), "-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    env: { ...process.env, GIT_DIR: at("repo/.git"), GIT_CONFIG_GLOBAL: "/dev/null" },
  });

async function portcullis(...argv: string[]) {
  const io = new MemoryIo(allow(7000));
  const code = await run([...argv], io);
  return { code, out: io.stdout, err: io.stderr };
}

const before = process.env.GIT_DIR;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), "portcullis-compare-"));
  write("workloads.yaml", workload("web") + workload("db"));
  write("old/policies.yaml", deny + allow(5432));
  write("new/policies.yaml", deny + allow(5433));
  write(
    "broken/policies.yaml",
    `${deny}${policy("bad", "{podSelector: {}, ingress: [{ports: [{port: 0}]}]}")}`,
  );
  mkdirSync(at("empty"));
  write("repo/k8s/policies.yaml", deny + allow(5432));
  write("repo/k8s/app/workloads.yaml", workload("web") + workload("db"));
  write("repo/k8s/README.md", "no manifest\n");
  symlinkSync("policies.yaml", at("repo/k8s/link.yaml"));
  git("init", "-q", "-b", "main", at("repo"));
  git("add", ".");
  git("commit", "-q", "-m", "first");
  git("tag", "v1");
  write("repo/k8s/policies.yaml", deny + allow(5433));
  git("commit", "-q", "-a", "-m", "second");
  process.env.GIT_DIR = at("repo/.git");
});

afterAll(() => {
  if (before === undefined) delete process.env.GIT_DIR;
  else process.env.GIT_DIR = before;
  rmSync(root, { recursive: true });
});

describe("diff", () => {
  test("of two directories with shared workloads: what, at which ports, by whose doing", async () => {
    const { code, out } = await portcullis("diff", at("old"), at("new"), "-f", at("workloads.yaml"));
    expect(out).toBe(
      `+ shop/Deployment/web → shop/Deployment/db: TCP 5433
    changed shop/web ingress[0] (${at("new/policies.yaml")}:12)
- shop/Deployment/web → shop/Deployment/db: TCP 5432
    changed shop/web ingress[0] (${at("old/policies.yaml")}:12)
`,
    );
    expect(code).toBe(1);
  });

  test("without a difference is quiet and ends with 0; --exit-zero does so with one", async () => {
    const same = await portcullis("diff", at("old"), at("old"), "-f", at("workloads.yaml"), "-q");
    expect(same).toEqual({ code: 0, out: "", err: "no difference\n" });
    const { code } = await portcullis(
      "diff",
      at("old"),
      at("new"),
      "-f",
      at("workloads.yaml"),
      "--exit-zero",
    );
    expect(code).toBe(0);
  });

  test("the exit code is the same for every format", async () => {
    for (const format of ["wide", "json", "yaml", "md", "csv", "dot", "svg", "html"]) {
      const { code, out } = await portcullis(
        "diff",
        at("old"),
        at("new"),
        "-f",
        at("workloads.yaml"),
        "-o",
        format,
      );
      expect([format, code]).toEqual([format, 1]);
      expect(out).toContain("5433");
    }
  });

  test("of an empty directory: the pods of the other side are there before too", async () => {
    write("all/all.yaml", workload("web") + workload("db") + deny);
    const { out, err } = await portcullis("diff", at("empty"), at("all"), "-q");
    expect(out).toContain("- shop/Deployment/web and outside → shop/Deployment/db: all ports\n");
    expect(err).toContain(`${at("empty")}: no manifest`);
    expect(err).toContain(`${at("empty")} has no pods: those of ${at("all")} are taken for both sides\n`);
  });

  test("without any pods says what to do", async () => {
    const { code, err } = await portcullis("diff", at("old"), at("new"));
    expect(code).toBe(2);
    expect(err).toContain("neither");
    expect(err).toContain("equal --any-pods");
  });

  test("an object with an error makes the answer incomplete", async () => {
    const { code, err } = await portcullis("diff", at("broken"), at("new"), "-f", at("workloads.yaml"));
    expect(code).toBe(2);
    expect(err).toMatch(/broken\/policies\.yaml:\d+:\d+: error: NetworkPolicy shop\/bad/);
  });

  test("of standard input, and in one workload or namespace", async () => {
    const args = ["-f", at("workloads.yaml"), "-q"];
    const { out } = await portcullis("diff", at("old"), "-", ...args, "--focus", "shop/deploy/db");
    expect(out).toContain("+ shop/Deployment/web → shop/Deployment/db: TCP 7000\n");
    const elsewhere = await portcullis("diff", at("old"), "-", ...args, "-n", "nowhere");
    expect(elsewhere).toMatchObject({ code: 2, out: "" });
    expect(elsewhere.err).toContain("no pods in namespace nowhere");
    const nobody = await portcullis("diff", at("old"), "-", ...args, "--focus", "shop/wep");
    expect(nobody.err).toContain("Did you mean web?");
    const [inwards, outwards] = await Promise.all(
      ["ingress", "egress"].map((way) =>
        portcullis(
          "diff",
          at("old"),
          "-",
          ...args,
          "--focus",
          "shop/db",
          "--direction",
          way,
          "--port",
          "7000",
        ),
      ),
    );
    expect(inwards!.out).toMatch(/^\+ shop\/Deployment\/web → shop\/Deployment\/db: TCP 7000\n.*\n$/);
    // Standard input has no default-deny.
    expect(outwards!.out).toMatch(/^\+ shop\/Deployment\/db → shop\/Deployment\/web: TCP 7000\n.*\n$/);
  });

  test("needs something to compare with", async () => {
    const { code, err } = await portcullis("diff", at("old"));
    expect(code).toBe(2);
    expect(err).toContain("--cluster");
  });
});

describe("a git revision", () => {
  test("is read without touching the working tree, subdirectories with -R", async () => {
    const { code, out, err } = await portcullis("diff", "v1:k8s", "main:k8s", "-R", "-v");
    expect(out).toBe(
      `+ shop/Deployment/web → shop/Deployment/db: TCP 5433
    changed shop/web ingress[0] (main:k8s/policies.yaml:12)
- shop/Deployment/web → shop/Deployment/db: TCP 5432
    changed shop/web ingress[0] (v1:k8s/policies.yaml:12)
`,
    );
    expect(code).toBe(1);
    expect(err).toContain("passed over: v1:k8s/link.yaml: symbolic links are not followed in a revision\n");
    expect(err).toContain("passed over: v1:k8s/README.md: not .yaml, .yml or .json\n");
    expect(err).toContain("read: v1:k8s/app/workloads.yaml:1: Deployment shop/web\n");
  });

  test("may be a file, or the top of the tree", async () => {
    expect((await portcullis("equal", "v1:k8s/policies.yaml", at("old/policies.yaml"))).code).toBe(0);
    expect((await portcullis("equal", "v1:", "v1:k8s", "-R", "-q")).code).toBe(0);
  });

  test.each([
    ["nope:k8s", 'there is no revision "nope"'],
    ["v1:missing", 'revision v1 has no "missing"'],
    ["v1 --exec=x:k8s", "there is no revision"],
  ])("%s is refused", async (name, words) => {
    const { code, err } = await portcullis("diff", name, at("old"));
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  test("with a dash in front is no option of git's", async () => {
    const { code, err } = await portcullis("diff", "--", "--output=x:k8s", at("old"));
    expect(code).toBe(2);
    expect(err).toContain('there is no revision "--output=x"');
  });

  test("a file whose name has a colon is that file", async () => {
    write("v1:k8s.yaml", deny);
    expect((await portcullis("equal", at("v1:k8s.yaml"), at("v1:k8s.yaml"))).code).toBe(0);
  });
});

describe("equal and contains", () => {
  test("for given pods, with the reasons of both where they differ", async () => {
    const files = ["-f", at("workloads.yaml"), "-q"];
    expect(await portcullis("equal", at("old"), at("old"), ...files)).toEqual({
      code: 0,
      out: `Equal: ${at("old")} and ${at("old")} allow the same, for the 2 pods given.\n`,
      err: "",
    });
    const { code, out } = await portcullis("equal", at("old"), at("new"), ...files);
    expect(code).toBe(1);
    expect(out).toContain(`Not equal: ${at("new")} allows what ${at("old")} denies, for example:\n`);
    expect(out).toContain(`By ${at("old")}:\n  shop/web → shop/db on TCP 5433: denied\n`);
    expect(out).toContain(`By ${at("new")}:\n  shop/web → shop/db on TCP 5433: allowed\n`);
  });

  test("for any pods when there are none, or when asked", async () => {
    const none = await portcullis("equal", at("old"), at("new"), "-q");
    expect(none.code).toBe(1);
    expect(none.err).toBe("no pods were given: the answer is for any pods in any namespaces\n");
    expect(none.out).toContain("labels app=db");
    // Only a policy for pods that are not there tells the two apart.
    write(
      "more/policies.yaml",
      deny + allow(5432) + policy("other", "{podSelector: {matchLabels: {app: cache}}, ingress: [{}]}"),
    );
    const given = ["-f", at("workloads.yaml"), "-q"];
    expect((await portcullis("equal", at("old"), at("more"), ...given)).code).toBe(0);
    expect((await portcullis("equal", at("old"), at("more"), ...given, "--any-pods")).code).toBe(1);
  });

  test("contains is one way", async () => {
    const open = at("empty");
    expect((await portcullis("contains", open, at("old"), "-q")).code).toBe(0);
    const { code, out } = await portcullis("contains", at("old"), open, "-q", "-o", "json");
    expect(code).toBe(1);
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({ question: "contains", holds: false, pods: "any" });
    expect([answer.example.a.allowed, answer.example.b.allowed]).toEqual([false, true]);
  });

  test("a search that is given up is no answer", async () => {
    const { code, out } = await portcullis("equal", at("old"), at("new"), "--limit", "1", "-q");
    expect([code, out.slice(0, 12)]).toEqual([2, "Not decided:"]);
  });
});
