import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { resources } from "@portcullis/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BreakableApi } from "../faults/breakable-api.ts";
import { type Machine, openMachine } from "../faults/machine.ts";
import { nodes } from "./layout.ts";
import { NodeAgent } from "./node-agent.ts";
import { WrittenCluster } from "./written-cluster.ts";

// What an agent says of a node on which it cannot do its work, and what its cleanup takes away and leaves.

const [{ name: nodeName }] = nodes;
const scratch = mkdtempSync(join(tmpdir(), "portcullis-unfit-"));
const state = join(scratch, "state");
const portcullis = fileURLToPath(new URL("../../packages/cli/bin/portcullis.mjs", import.meta.url));

let machine: Machine;
let api: BreakableApi;

beforeAll(async () => {
  [api, machine] = await Promise.all([BreakableApi.open(), openMachine()]);
  const cluster = new WrittenCluster(api.client);
  await cluster.node();
  await cluster.pod("server");
  await cluster.allow("server", "server", ["friend"]);
});

afterAll(async () => {
  await machine?.close();
  await api?.close();
  rmSync(scratch, { recursive: true });
});

/** An agent behind these programs, while `look` looks at it. */
async function withAgent(front: readonly string[], look: (agent: NodeAgent) => Promise<void>): Promise<void> {
  const options = [
    ...["--server", api.socketPath, "--node-name", nodeName, "--state-dir", state],
    ...["--cold-start-after", "200ms"],
  ];
  const agent = new NodeAgent([...machine.command, ...front], options);
  agent.start();
  try {
    await look(agent);
  } finally {
    await agent.end("SIGTERM");
  }
}

const readyz = (): string =>
  machine.run(["curl", "-s", "-w", "%{http_code}", "http://127.0.0.1:9753/readyz?verbose"]);
const metrics = (): string => machine.run(["curl", "-s", "http://127.0.0.1:9753/metrics"]);
const isProgrammed = ({ event }: Readonly<Record<string, unknown>>) => event === "programmed";

test("without nft it says so, with the mend; and goes on by itself once it is there", async () => {
  const path = join(scratch, "bin");
  mkdirSync(path);
  for (const program of ["sh", "cat", "conntrack"]) symlinkSync(which(program), join(path, program));
  await withAgent(["/usr/bin/env", `PATH=${path}`], async (agent) => {
    await agent.logged(({ condition, status }) => condition === "NftMissing" && status === true);
    expect(readyz()).toMatch(/\[-\]NftMissing \w+: .*apt install nftables[\s\S]*503$/);
    expect(metrics()).toMatch(/^portcullis_condition\{[^}]*type="NftMissing"[^}]*\} 1$/m);
    symlinkSync(which("nft"), join(path, "nft"));
    await agent.logged(isProgrammed);
    expect(readyz()).toMatch(/200$/);
  });
});

test("without CAP_NET_ADMIN it says so", async () => {
  const without = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"];
  await withAgent(without, async (agent) => {
    await agent.logged(({ condition, status }) => condition === "NoPermission" && status === true);
    expect(readyz()).toMatch(/\[-\]NoPermission [\s\S]*CAP_NET_ADMIN[\s\S]*503$/);
    expect(agent.lines.filter(isProgrammed)).toEqual([]);
  });
});

test("a node that the API gives other prefixes than the disk: it ends, to begin anew with these", async () => {
  await withAgent([], async (agent) => {
    await agent.logged(isProgrammed);
  });
  machine.run(["nft", "delete", "table", "inet", "portcullis"]);
  await api.closeDoor();
  await api.client.delete(resources.nodes, nodeName);
  await new WrittenCluster(api.client).node({ ...nodes[0], podCidrs: nodes[1].podCidrs });
  await withAgent([], async (agent) => {
    await agent.condition("FromDisk", "ApiNotHeard");
    await api.openDoor();
    expect(await agent.code()).toBe(3);
    expect(agent.said).toEqual([
      "error: the node's pods had the prefixes 10.244.1.0/24, fd00:10:244:1::/64, and now have 10.244.2.0/24, fd00:10:244:2::/64",
    ]);
  });
  await withAgent([], async (agent) => {
    await agent.logged(({ event, fromDisk }) => event === "programmed" && fromDisk === false);
  });
});

test("cleanup refuses while an agent runs, and takes away what is ours and nothing else", async () => {
  // Of the tests before.
  expect(cleanup().status).toBe(0);
  machine.run(["nft", "-f", "-"], foreign);
  const theirs = machine.run(["nft", "list", "ruleset"]);
  await withAgent([], async (agent) => {
    await agent.logged(isProgrammed);
    const refused = cleanup();
    expect(refused.status).toBe(3);
    expect(refused.stderr).toContain(`an agent runs here, as process ${agent.pid}`);
  });
  expect(machine.run(["nft", "list", "ruleset"])).toContain("table inet portcullis");
  expect(existsSync(join(state, "program.jsonl"))).toBe(true);

  expect(cleanup()).toMatchObject({
    status: 0,
    stdout: `table inet portcullis removed\n${state}/program.jsonl removed\n${state}/closed.nft removed\n${state}/told-drops.jsonl removed\n${state} removed\n`,
  });
  expect(machine.run(["nft", "list", "ruleset"])).toBe(theirs);
  expect(existsSync(state)).toBe(false);
  expect(cleanup()).toMatchObject({ status: 0, stdout: "nothing to remove\n" });
});

const foreign = `
table inet theirs {
  set addresses { type ipv4_addr; elements = { 10.244.1.2 }; }
  chain c_forward { type filter hook forward priority 0; policy accept; ip saddr @addresses accept
  }
}
table ip portcullis {
  chain c_ours_by_name_only {
  }
}
`;

function cleanup(...options: readonly string[]) {
  const argv = [...machine.command, process.execPath, portcullis, "agent", "cleanup", "--state-dir", state];
  const [program = "", ...args] = [...argv, ...options];
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  return { status, stdout, stderr };
}

function which(program: string): string {
  const found = (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error(`${program} is not on the PATH`);
  return found;
}
