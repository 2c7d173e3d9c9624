import type { Cidr } from "@portcullis/engine";
import type { Table } from "@portcullis/nft";
import { ipVersions, names } from "./names.ts";
import { Renderer } from "./render.ts";

/** The table that closes every pod of these prefixes: no new connections from or to any, open ones go on. */
export function closedTable(podCidrs: readonly Cidr[], denied: "drop" | "reject"): Table {
  return new Renderer({ podCidrs, denied, flows: false }).closed([], []);
}

/** Whether a table knows pods, or closes whatever is in the prefixes that it was made for. */
export function knowsPods({ sets }: Table): boolean {
  return ipVersions.some((version) => (sets.get(names.local[version])?.elements.size ?? 0) > 0);
}
