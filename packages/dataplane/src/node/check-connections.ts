import type { NodeFiles } from "./node-files.ts";
import type { NodeFinding } from "./node-finding.ts";

/** Share of the table's entries from which on it is nearly full. */
const nearly = 0.9;

/**
 * Whether there is room for new connections. When there is none the kernel drops their packets before any rule sees
 * them: nothing passes that should not, and much fails that should pass.
 */
export async function checkConnections(files: NodeFiles): Promise<readonly NodeFinding[]> {
  const folder = "/proc/sys/net/netfilter";
  const [count, max] = await Promise.all(
    ["count", "max"].map(async (name) => Number(await files.read(`${folder}/nf_conntrack_${name}`))),
  );
  if (!(count! >= max! * nearly) || max === 0) return [];
  const full = count! >= max!;
  return [
    {
      type: "ConntrackFull",
      reason: full ? "TableFull" : "TableNearlyFull",
      message: `${count} of ${max} connections are tracked, ${
        full ? "and new ones fail" : "and beyond that new ones fail"
      }: sysctl -w net.netfilter.nf_conntrack_max=${2 * max!}`,
    },
  ];
}
