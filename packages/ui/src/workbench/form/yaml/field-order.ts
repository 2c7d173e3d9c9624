import type { SourceMap } from "@portcullis/engine";
import type { Path } from "./field-edit.ts";

/** The order that people write the fields of a policy in. */
const order = [
  "apiVersion",
  "kind",
  "metadata",
  "spec",
  "name",
  "namespace",
  "labels",
  "annotations",
  "namespaceSelector",
  "podSelector",
  "ipBlock",
  "policyTypes",
  "ingress",
  "egress",
  "from",
  "to",
  "matchLabels",
  "matchExpressions",
  "key",
  "operator",
  "values",
  "protocol",
  "port",
  "endPort",
  "cidr",
  "except",
  "ports",
];

/** Where a new field of the map at a path belongs: the number of the field that it comes before. */
export function placeOfField({ pairs }: SourceMap, path: Path, key: string): number {
  // Labels have no order of ours.
  const rank = path.at(-1) === "matchLabels" ? -1 : order.indexOf(key);
  if (rank < 0) return pairs.length;
  const before = pairs.findLastIndex(({ key: known }) => {
    const other = known?.kind === "scalar" ? order.indexOf(known.text) : -1;
    return other >= 0 && other < rank;
  });
  if (before >= 0) return before + 1;
  // In braces and in lines alike, a known field stands before those that we know to be later, and behind all others.
  const later = pairs.findIndex(
    ({ key: known }) => known?.kind === "scalar" && order.indexOf(known.text) > rank,
  );
  return later < 0 ? pairs.length : later;
}
