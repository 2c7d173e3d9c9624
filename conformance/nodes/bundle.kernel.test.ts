import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BreakableApi } from "../faults/breakable-api.ts";
import { openMachine } from "../faults/machine.ts";
import { nodes } from "./layout.ts";
import { NodeAgent } from "./node-agent.ts";
import { WrittenCluster } from "./written-cluster.ts";

// The single file, alone in a folder as in an image: no packages beside it.

const folder = mkdtempSync(join(tmpdir(), "portcullis-bundle-"));
const bundle = join(folder, "portcullis.mjs");

beforeAll(() => {
  const script = fileURLToPath(new URL("../../scripts/bundle.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(bundle, args, { encoding: "utf8", cwd: folder });
  return { status, stdout, stderr };
}

test("it answers about manifests, knows its version, and says what is not in it", () => {
  const { version } = JSON.parse(
    readFileSync(new URL("../../packages/cli/package.json", import.meta.url), "utf8"),
  );
  expect(run("--version")).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  writeFileSync(join(folder, "deny.yaml"), denied);
  expect(run("can", "a", "--to", "b:80", "-f", "deny.yaml", "-q")).toMatchObject({ status: 1, stderr: "" });
  expect(run("up")).toMatchObject({ status: 3, stderr: expect.stringContaining("has no sandbox") });
});

test("it enforces, with the rights that the manifests give it", async () => {
  const [api, machine] = await Promise.all([BreakableApi.open(), openMachine()]);
  const [node] = nodes;
  const cluster = new WrittenCluster(api.client);
  await cluster.node(node);
  await cluster.pod("server");
  const options = [
    "--server",
    api.socketPath,
    "--node-name",
    node.name,
    "--state-dir",
    join(folder, "state"),
  ];
  const container = ["setpriv", "--no-new-privs", "--bounding-set=-all,+net_admin", "--inh-caps=-all"];
  const agent = new NodeAgent([...machine.command, ...container], options, bundle);
  agent.start();
  try {
    await agent.logged(({ event }) => event === "programmed");
    expect(machine.run(["nft", "list", "table", "inet", "portcullis"])).toContain("10.244.1.2");
    await agent.condition("ForwardingOff", "Ipv4ForwardingOff");
    const ready = machine.run(["curl", "-s", "http://127.0.0.1:9753/readyz?verbose"]);
    // A node without pods' links forwards nothing, and nothing else is wrong with it.
    expect(ready.split("\n").filter((line) => /^\[[-!]\]/.test(line))).toEqual([
      expect.stringMatching(/^\[!\]ForwardingOff/),
    ]);
    expect(await agent.end("SIGTERM")).toBe(0);
  } finally {
    await agent.end("SIGKILL");
    await machine.close();
    await api.close();
  }
});

test("the licences of what is in it are beside it", () => {
  const text = readFileSync(join(folder, "portcullis.licences.txt"), "utf8");
  for (const name of ["commander", "picocolors", "prom-client", "yaml"])
    expect(text).toMatch(new RegExp(`^${name} \\d`, "m"));
});

const denied = `
apiVersion: v1
kind: Pod
metadata: { name: a }
spec: { containers: [{ name: c, image: x }] }
---
apiVersion: v1
kind: Pod
metadata: { name: b }
spec: { containers: [{ name: c, image: x }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny }
spec: { podSelector: {} }
`;
