import type { Cidr } from "@portcullis/engine";
import type { Nft, Table } from "@portcullis/nft";
import { ipVersions, names, table } from "./names.ts";
import { Renderer } from "./render.ts";

/** The table that closes every pod of these prefixes: no new connections from or to any, open ones go on. */
export function closedTable(podCidrs: readonly Cidr[], denied: "drop" | "reject"): Table {
  return new Renderer({ podCidrs, denied, flows: false }).closed([], []);
}

/**
 * Whether the kernel has a table that knows pods: what closes a node at boot knows none. Only the local pods are read, for
 * a table can hold thousands of others for each, and while it is written a long listing begins again and again.
 */
export async function knowsPods(nft: Nft): Promise<boolean> {
  const local = await nft.listElements(
    table,
    ipVersions.map((version) => ({ name: names.local[version] })),
  );
  return [...local.values()].some(({ elements }) => elements.size > 0);
}
