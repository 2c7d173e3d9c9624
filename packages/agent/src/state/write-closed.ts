import { rm } from "node:fs/promises";
import path from "node:path";
import { closedTable } from "@portcullis/dataplane";
import { parseCidr } from "@portcullis/engine";
import { formatTable } from "@portcullis/nft";
import { replaceFile } from "./replace-file.ts";
import { closedFileName } from "./saved-state.ts";

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
  if (podCidrs.length === 0) return await rm(path.join(directory, closedFileName), { force: true });
  const prefixes = podCidrs.flatMap((text) => parseCidr(text) ?? []);
  const text = heading + formatTable(closedTable(prefixes, denied));
  await replaceFile(directory, closedFileName, (file) => file.writeFile(text));
}
