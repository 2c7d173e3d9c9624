import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { closedTable } from "@portcullis/dataplane";
import { parseCidr } from "@portcullis/engine";
import { formatTable } from "@portcullis/nft";
import { closedFileName, partialFileName } from "./saved-state.ts";

const heading = `# Written by the Portcullis agent, for \`nft -f\` at boot: closes this node's pods until an agent is there.
# It is only to be loaded where there is no table inet portcullis. Changes are overwritten.
`;

/**
 * Writes what closes the node's pods at its next boot, before any of them runs. Nothing of the kind remains when pods have
 * no prefixes of their own.
 * @throws Error of node:fs.
 */
export async function writeClosed(
  directory: string,
  podCidrs: readonly string[],
  denied: "drop" | "reject",
): Promise<void> {
  const file = path.join(directory, closedFileName);
  const partial = path.join(directory, partialFileName(closedFileName));
  if (podCidrs.length === 0) return await rm(file, { force: true });
  const prefixes = podCidrs.flatMap((text) => parseCidr(text) ?? []);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await rm(partial, { force: true });
  // Exclusively: nothing that somebody puts there, such as a link to another place, is written to.
  await writeFile(partial, heading + formatTable(closedTable(prefixes, denied)), { flag: "wx", mode: 0o600 });
  await rename(partial, file);
}
