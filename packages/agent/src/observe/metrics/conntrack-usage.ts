import { readFile } from "node:fs/promises";

/** Connections that the kernel tracks in this network namespace, and the most that it would. */
export interface ConntrackUsage {
  readonly entries: number;
  readonly limit: number;
}

const directory = "/proc/sys/net/netfilter";

/** Undefined where the kernel does not track connections, or does not say. */
export async function conntrackUsage(): Promise<ConntrackUsage | undefined> {
  try {
    const [entries, limit] = await Promise.all(
      ["nf_conntrack_count", "nf_conntrack_max"].map(async (name) =>
        Number((await readFile(`${directory}/${name}`, "utf8")).trim()),
      ),
    );
    return Number.isFinite(entries) && Number.isFinite(limit)
      ? { entries: entries!, limit: limit! }
      : undefined;
  } catch {
    return undefined;
  }
}
