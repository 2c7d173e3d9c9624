import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cluster, judge, readManifest } from "@portcullis/engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectionKey, packetOf } from "./connection.ts";
import { Conntrack, parseConnections } from "./conntrack.ts";
import { planCut } from "./cut-plan.ts";

// A network namespace of the test's own, and connections that are only written into its table.

let holder: ReturnType<typeof spawn>;
let folder: string;
/** The conntrack program, inside. */
let program: string;

beforeAll(async () => {
  holder = spawn("unshare", ["-Urn", "--fork", "--kill-child", "sh", "-c", "echo $$; exec sleep infinity"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(holder.stdout!, "data")) as [Buffer];
  folder = mkdtempSync(join(tmpdir(), "portcullis-conntrack-"));
  program = join(folder, "conntrack");
  const enter = `nsenter -t ${line.toString().trim()} -U -n --preserve-credentials`;
  writeFileSync(program, `#!/bin/sh\nexec ${enter} conntrack "$@"\n`);
  chmodSync(program, 0o755);
});

afterAll(async () => {
  const exited = once(holder, "exit");
  holder.kill("SIGKILL");
  await exited;
  rmSync(folder, { recursive: true });
});

test("a thousand flows from as many sources are cut by some sixty patterns, and those that may stay, stay", async () => {
  const allowed = Array.from({ length: 8 }, (_, i) => i * 120 + 7);
  const [v4, v6] = [(i: number) => `10.2.${i >> 8}.${i & 255}`, (i: number) => `fd00:2::${i.toString(16)}`];
  add(
    ...Array.from({ length: 1_000 }, (_, i) => tcp(v4(i + 1), "10.1.0.1", 80)),
    ...Array.from({ length: 100 }, (_, i) => udp(v6(i + 1), "fd00::1", 80)),
    tcp("10.2.0.9", "10.1.0.1", 443),
    tcp("10.2.0.9", "10.1.0.2", 80),
  );
  const peers = allowed.flatMap((i) => [`${v4(i)}/32`, `${v6(i)}/128`]);
  const policy = clusterWith(peers).program(() => true);
  const before = listed();
  expect(before).toHaveLength(1_102);
  const cuts = planCut(policy, before, new Set());
  expect(cuts.length).toBeLessThan(100);

  const began = performance.now();
  await new Conntrack(program).cut(
    cuts.flatMap((cut) => cut.connections),
    cuts.map((cut) => cut.range),
  );
  console.log(`${cuts.length} patterns: ${Math.round(performance.now() - began)} ms`);
  const stay = before.filter((connection) => judge(policy, packetOf(connection)).allowed);
  expect(stay).toHaveLength(10);
  expect(listed().map(connectionKey).sort()).toEqual(stay.map(connectionKey).sort());
});

test("all of an address goes, whichever side it was on, and what is gone already is no error", async () => {
  add(tcp("10.3.0.1", "10.3.0.2", 80), udp("10.3.0.2", "10.3.0.1", 53), udp("10.3.0.2", "10.3.0.3", 53));
  const ours = () =>
    listed()
      .map(connectionKey)
      .filter((key) => key.includes(" 10.3."));
  const policy = clusterWith([]).program(() => true);
  const ranges = planCut(policy, listed(), new Set(["10.3.0.1"])).map((cut) => cut.range);
  for (let i = 0; i < 2; i += 1) {
    await new Conntrack(program).cut([], ranges);
    expect(ours()).toEqual(["UDP 10.3.0.2 10.3.0.3 53"]);
  }
});

test("what policies cannot name is cut as well", async () => {
  add("-I -p 50 -s 10.4.0.1 -d 10.1.0.1 -t 300", "-I -p 50 -s 10.4.0.1 -d 10.1.0.2 -t 300");
  const policy = clusterWith(["10.4.0.1/32"]).program(() => true);
  const ours = () => listed().filter(({ source }) => source.text === "10.4.0.1");
  const cuts = planCut(policy, ours(), new Set());
  await new Conntrack(program).cut(
    [],
    cuts.map((cut) => cut.range),
  );
  expect(ours().map(connectionKey)).toEqual(["50 10.4.0.1 10.1.0.2 0"]);
});

test("a program that is missing, or fails, says so", async () => {
  const range = { family: 4, port: 80, protocol: "TCP" } as const;
  await expect(new Conntrack(join(folder, "missing")).cut([], [range])).rejects.toThrow(/missing.*not found/);
  await expect(new Conntrack("false").cut([], [range])).rejects.toThrow("exit code 1");
});

const tcp = (source: string, destination: string, port: number): string =>
  `-I -p tcp --state ESTABLISHED ${flow(source, destination, port)}`;

const udp = (source: string, destination: string, port: number): string =>
  `-I -p udp ${flow(source, destination, port)}`;

const flow = (source: string, destination: string, port: number): string =>
  `-s ${source} -d ${destination} --sport 40000 --dport ${port} -t 300`;

/** Commands of `conntrack -R`. */
function add(...commands: readonly string[]): void {
  const file = join(folder, "commands");
  writeFileSync(file, `${commands.join("\n")}\n`);
  execFileSync(program, ["-R", file]);
}

function listed() {
  const families = ["ipv4", "ipv6"].map((family) =>
    execFileSync(program, ["-L", "-f", family], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
  return parseConnections(families.join(""));
}

/** A pod at 10.1.0.1 and fd00::1 whose port 80 only `peers` may reach, and another that is open. */
function clusterWith(peers: readonly string[]): Cluster {
  const pod = (name: string, ...ips: string[]) =>
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {name: ${name}}}, spec: {nodeName: node, containers: [{name: c, image: x}]}, status: {podIPs: [${ips.map((ip) => `{ip: "${ip}"}`).join()}]}}`;
  const from = peers.map((cidr) => `{ipBlock: {cidr: "${cidr}"}}`);
  const items = [
    pod("server", "10.1.0.1", "fd00::1"),
    pod("open", "10.1.0.2"),
    `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {matchLabels: {name: server}}, policyTypes: [Ingress], ingress: [{from: [${from.join()}], ports: [{port: 80}, {port: 80, protocol: UDP}]}]}}`,
  ];
  const { objects, diagnostics } = readManifest(items.join("\n---\n"), "test.yaml");
  expect(diagnostics).toEqual([]);
  const cluster = new Cluster();
  for (const object of objects) cluster.upsert(object);
  return cluster;
}
