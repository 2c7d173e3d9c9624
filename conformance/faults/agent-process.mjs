// The agent as a process of its own, so that it can be killed: run from the build, inside the test's namespaces. Tells
// on standard output, a JSON object a line, when a program has come into force and when drift was mended. Ends when its
// input does.
import { Agent } from "@portcullis/agent";
import { Conntrack } from "@portcullis/dataplane";
import { HttpKubeClient } from "@portcullis/kube";
import { NftProcess } from "@portcullis/nft";

const { socketPath, nodeName, podCidrs, driftCheckMs } = JSON.parse(process.argv[2]);
const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
process.stdin.on("end", () => process.exit(0)).resume();

const nft = new NftProcess();
const agent = new Agent({
  client: new HttpKubeClient({ socketPath }),
  nft,
  connections: new Conntrack(),
  nodeName,
  podCidrs,
  driftCheckMs,
  log: (line) => tell({ log: line }),
  emit: (event) => {
    if (event.type === "drift-mended") tell({ mended: true });
  },
});
agent.onChange(() => {
  const plurals = ["namespaces", "nodes", "pods", "networkpolicies"];
  const revisions = plurals.map((plural) => [plural, String(agent.enforcedRevision(plural))]);
  tell({ revisions: Object.fromEntries(revisions), nft: nft.pid });
});
await agent.start();
