import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCidr } from "@portcullis/engine";
import { NftProcess } from "@portcullis/nft";
import { expect, test } from "vitest";
import { Dataplane } from "./dataplane.ts";
import { checkNode } from "./node/check-node.ts";
import type { NodeFiles } from "./node/node-files.ts";
import { apiFromWeb, clusterOf, jobToApi, localProgram } from "./test-cluster.testing.ts";
import { addresses, podCidrs, TestNode } from "./test-node.testing.ts";
import { type Expected, judged, notSo } from "./test-reach.testing.ts";

// The limit of connections is the machine's, and cannot be set in a namespace: a full table is in the way of whatever else
// runs. So this is no part of npm test: npx vitest run --project machine, when the machine is yours alone.

const cidrs = podCidrs.map((text) => parseCidr(text)!);

test("with no room for connections new ones fail, and nothing forbidden passes; the node's check says so", async () => {
  const node = await TestNode.open("routed");
  const nft = new NftProcess({ command: node.command });
  const files: NodeFiles = {
    read: (path) => node.run("cat", path).catch(() => undefined),
    list: async () => [],
  };
  const max = Number(await files.read("/proc/sys/net/netfilter/nf_conntrack_max"));
  const program = localProgram(clusterOf(apiFromWeb, jobToApi));
  const dataplane = new Dataplane({
    nft,
    connections: node.connections,
    podCidrs: cidrs,
    established: "keep",
  });
  await dataplane.apply(program);
  const findings = () => checkNode({ nft, podCidrs: cidrs, files });
  expect(await findings()).toEqual([]);
  const open = await node.place("web").connect(addresses.api[0], 80);
  const commands = Array.from(
    { length: max },
    (_, i) =>
      `-I -p udp -s 10.${20 + (i >> 16)}.${(i >> 8) & 255}.${i & 255} -d 10.1.0.1 --sport 1 --dport 1 -t 600 -u SEEN_REPLY,ASSURED`,
  );
  const file = join(tmpdir(), `portcullis-full-${process.pid}`);
  writeFileSync(file, `${commands.join("\n")}\n`);
  // Some are taken already: the last ones find no room.
  await node.run("sh", "-c", `conntrack -R ${file} 2>&1; rm ${file}`);
  const full = judged.map((line): Expected => line.replace(" yes", " no") as Expected);
  expect(await notSo(node, full)).toEqual([]);
  expect(await node.place("web").carries(open, 5_000)).toBe(true);
  expect(await findings()).toEqual([
    {
      type: "ConntrackFull",
      reason: "TableFull",
      message: `${max} of ${max} connections are tracked, and new ones fail: sysctl -w net.netfilter.nf_conntrack_max=${2 * max}`,
    },
  ]);
  await node.run("conntrack", "-F");
  expect(await notSo(node, judged)).toEqual([]);
  await nft.close();
  await node.close();
});
