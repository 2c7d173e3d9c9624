// replay and suggest as they are typed, on the recorded flows of the examples.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";
import { formatYaml } from "../text/yaml.ts";

const examples = path.resolve(import.meta.dirname, "../../../../examples");
const shop = path.join(examples, "three-tier-shop");
const recorded = path.join(examples, "recorded-flows/flows.jsonl");
const lines = readFileSync(recorded, "utf8").trimEnd().split("\n");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "portcullis-flows-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string | Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function portcullis(args: readonly string[], stdin = "") {
  const io = new MemoryIo(stdin);
  const code = await run(args, io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

const replay = (...args: string[]) => portcullis(["replay", recorded, "-f", shop, ...args]);
const suggest = (...args: string[]) => portcullis(["suggest", recorded, "-f", shop, ...args]);

test.each(["replay", "suggest", "flows"])(
  "%s --help begins with examples and fits on a page",
  async (command) => {
    const { code, stdout } = await portcullis([command, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Examples:\n  portcullis ${command}`));
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
  },
);

describe("replay", () => {
  test("every format tells the same, with the same code", async () => {
    const [text, json, yaml, csv, md] = await Promise.all(
      ["text", "json", "yaml", "csv", "md"].map((format) => replay("-o", format)),
    );
    expect([text, json, yaml, csv, md].map((each) => each?.code)).toEqual([1, 1, 1, 1, 1]);
    const { denied } = JSON.parse(json!.stdout) as {
      denied: { source: { name: string }; connections: number }[];
    };
    expect(denied.map(({ source, connections }) => [source.name, connections])).toEqual([
      ["api/Deployment/orders", 408],
    ]);
    expect(yaml!.stdout).toBe(formatYaml(JSON.parse(json!.stdout)));
    expect(text!.stdout).toContain(
      "- api/Deployment/orders → 198.51.100.20 TCP 443: would be denied (2 flows, 408 connections)\n",
    );
    expect(csv!.stdout).toContain(
      "\ndenied,api/Deployment/orders,198.51.100.20,TCP,443,2,408,2026-11-20T12:59:59Z,",
    );
    expect(md!.stdout).toMatch(/^\*\*20 recorded flows: 2 would be denied.*\*\*\n\n\| Change \|/);
  });

  test.each([
    ["never", 0],
    ["denied", 1],
    ["change", 1],
    ["not-judged", 1],
  ])("--fail-on %s gives %i", async (failOn, code) => {
    expect((await replay("--fail-on", failOn)).code).toBe(code);
  });

  test("what changes for the better, and what cannot be judged, count only where they are asked for", async () => {
    const gone = [lines[0], ...lines.slice(-1).map((line) => line.replaceAll("orders", "ordering"))];
    const file = write("gone.jsonl", gone.join("\n"));
    const judged = (failOn: string) => portcullis(["replay", file, "-f", shop, "--fail-on", failOn]);
    expect((await judged("denied")).stdout).toContain(
      "? not judged, there is no pod api/ordering-5f7b9c8d4-4hjwt and no Deployment/ordering (1 flow, 60 connections)",
    );
    expect(
      (await Promise.all(["denied", "change", "not-judged"].map(judged))).map(({ code }) => code),
    ).toEqual([0, 0, 1]);
    const workloads = ["cluster", "namespaces", "frontend", "api", "data"].flatMap((name) => [
      "-f",
      path.join(shop, `${name}.yaml`),
    ]);
    const open = (failOn: string) => portcullis(["replay", recorded, ...workloads, "--fail-on", failOn]);
    expect((await open("denied")).stdout).toContain(
      "+ api/Deployment/search → data/StatefulSet/db TCP 5432: would be allowed",
    );
    expect((await Promise.all(["denied", "change"].map(open))).map(({ code }) => code)).toEqual([0, 1]);
  });

  test("when nothing can be judged, or kept, nothing was held against anything: code 2", async () => {
    const policies = path.join(shop, "policies.yaml");
    const judged = await portcullis(["replay", recorded, "-f", policies, "--fail-on", "never"]);
    expect([judged.code, judged.stderr]).toEqual([
      2,
      expect.stringContaining("none of these flows could be judged"),
    ]);
    const kept = await portcullis(["suggest", recorded, "-f", policies]);
    expect([kept.code, kept.stdout, kept.stderr]).toEqual([
      2,
      "",
      expect.stringContaining("none of these flows can be kept"),
    ]);
  });

  test("a line that cannot be read is told by its place, field and value, and counted; the code is 2", async () => {
    const bad = [
      "",
      lines[0],
      '{"kind":"Flow","verdict":"perhaps"}',
      '{"time":"…","level":"info","event":"synced"}',
      "\u001b[31mnot json",
      ...Array<string>(30).fill("{"),
    ];
    const file = write("bad.jsonl", Buffer.concat([Buffer.from(bad.join("\n")), Buffer.from([0x0a, 0xff])]));
    const { code, stdout, stderr } = await portcullis(["replay", file, "-f", shop]);
    expect(code).toBe(2);
    expect(stdout).toBe("1 recorded flow: 0 would be denied, 0 would be allowed, 1 stay as they were\n");
    expect(stderr).toContain(
      `${file}:3: error: verdict: "perhaps": must be allowed, denied, would-be-denied\n`,
    );
    expect(stderr).toContain(`${file}:5: error: not JSON:  [31mnot json\n`);
    expect(stderr).toContain("and 13 more lines that cannot be read\n");
    expect(stderr).toContain(
      "read 1 record of 1 flow in 1 file; passed over: 1 line of no flow; refused: 33 lines\n",
    );
  });

  test("what the agent's log says is missing is said", async () => {
    const log = [
      ...lines,
      '{"event":"flows-not-told","verdict":"allowed","flows":12}',
      '{"event":"flows-not-told","verdict":"allowed","flows":1}',
      '{"event":"suppressed","suppressedEvent":"flow-allowed","count":1}',
      '{"event":"flows-not-counted","verdict":"allowed"}',
      '{"event":"told-unknown","what":"allowed","reason":"StateTorn"}',
    ];
    const { stderr } = await portcullis(["replay", "-", "-f", shop], log.join("\n"));
    expect(stderr).toContain(
      "note: the recording is not complete: 13 flows counted without a record, 1 record left out of the log, " +
        "flows that the kernel had no room to count, flows of the time between two agents of a node\n",
    );
  });

  test("standard input, a file twice, records of several files", async () => {
    const once = await replay("-q");
    expect((await portcullis(["replay", "-", "-f", shop, "-q"], lines.join("\n"))).stdout).toBe(once.stdout);
    expect((await portcullis(["replay", recorded, recorded, "-f", shop, "-q"])).stdout).toBe(once.stdout);
    const two = [
      write("1.jsonl", `${lines.slice(0, 9).join("\r\n")}\r\n`),
      write("2.jsonl", lines.slice(9).join("\n")),
    ];
    expect((await portcullis(["replay", ...two, "-f", shop, "-q"])).stdout).toBe(once.stdout);
  });
});

test.each([
  [
    "there is no such file",
    ["replay", "/nowhere/flows.jsonl", "-f", shop],
    "/nowhere/flows.jsonl: no such file or directory",
  ],
  ["a directory", ["replay", shop, "-f", shop], "is a directory"],
  ["nothing in it", ["suggest", "-", "-f", shop], "no flow record among 1 file"],
  [
    "a workload that is nowhere",
    ["suggest", recorded, "-f", shop, "--workload", "Deployment/x"],
    "--workload Deployment/x: no such",
  ],
  ["no file", ["replay"], "missing required argument"],
  ["a prefix of nothing", ["suggest", recorded, "-f", shop, "--aggregate", "33"], "A prefix length of IPv4"],
  ["no URL", ["flows", "--agent", "localhost:9753"], "Use the URL of an agent's API"],
  ["no verdict", ["flows", "--verdict", "dropped"], "Allowed choices"],
  ["csv that follows", ["flows", "--agent", "http://127.0.0.1:1", "--follow", "-o", "csv"], "use json"],
])("usage: %s", async (_, args, words) => {
  const { code, stdout, stderr } = await portcullis(args);
  expect(stderr).toContain(words);
  expect([code, stdout]).toEqual([2, ""]);
});

describe("suggest", () => {
  test("what it prints keeps every flow that passed, as replay sees it", async () => {
    const { code, stdout } = await suggest(
      "-n",
      "web",
      "-n",
      "api",
      "-n",
      "data",
      "-n",
      "kube-system",
      "-n",
      "tools",
    );
    expect(code).toBe(0);
    const workloads = ["cluster", "namespaces", "frontend", "api", "data"].map((name) =>
      path.join(shop, `${name}.yaml`),
    );
    const files = [write("suggested.yaml", stdout), ...workloads].flatMap((file) => ["-f", file]);
    const again = await portcullis(["replay", recorded, ...files, "--fail-on", "change"]);
    expect([again.code, again.stdout]).toEqual([
      0,
      "20 recorded flows: 0 would be denied, 0 would be allowed, 20 stay as they were\n",
    ]);
  });

  test("the cluster's own namespaces only when they are asked for, which is said", async () => {
    const { stdout, stderr } = await suggest();
    expect(stdout).not.toContain("namespace: kube-system");
    expect(stderr).toContain(
      "note: nothing for kube-system, on which the whole cluster depends; -n kube-system asks for it\n",
    );
    expect((await suggest("-n", "kube-system")).stdout).toContain("name: coredns\n");
  });

  test("json has the same policies as yaml, without comments", async () => {
    const [yaml, json] = await Promise.all([suggest(), suggest("-o", "json")]);
    const items = parseAllDocuments(yaml.stdout).map((each) => each.toJS() as unknown);
    expect(JSON.parse(json.stdout)).toEqual({ apiVersion: "v1", kind: "List", items });
  });

  test("a rule for every port is said to be one, and is not written with --no-icmp", async () => {
    const ping = lines[2]!.replace('"protocol":"TCP","port":3000', '"protocol":"ICMP","port":0');
    const pinged = (...more: string[]) => portcullis(["suggest", "-", "-f", shop, ...more], ping);
    const note =
      "note: every port is open in 2 rules, for flows without a port; --no-icmp leaves these out\n";
    const open = await pinged();
    expect(open.stderr).toContain(note);
    expect(open.stdout).toContain("some without a port: only a rule for every port lets these pass\n");
    const closed = await pinged("--no-icmp");
    expect([closed.code, closed.stdout]).toEqual([0, ""]);
    expect(closed.stderr).toContain("note: 1 flow without a port left out (--no-icmp)\n");
  });

  test("by workload, side, mode, and beside what is there", async () => {
    const found = await suggest(
      "--workload",
      "Deployment/orders",
      "--direction",
      "egress",
      "--mode",
      "staged",
      "--aggregate",
      "24,64",
    );
    const [policy, ...others] = parseAllDocuments(found.stdout).map(
      (each) => each.toJS() as Record<string, never>,
    );
    expect(others).toEqual([]);
    expect(policy).toMatchObject({
      metadata: { name: "orders", namespace: "api", annotations: { "portcullis.dev/mode": "staged" } },
      spec: { policyTypes: ["Egress"] },
    });
    expect(found.stdout).toContain("cidr: 198.51.100.0/24\n");
    const beside = await suggest("--beside", "existing", "-n", "web");
    expect(beside.stdout).toBe("");
    expect(beside.stderr).toContain("0 policies for 19 flows that passed\n");
  });
});
