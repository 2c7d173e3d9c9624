import type { FieldEdit, Path, Plain } from "../yaml/field-edit.ts";
import type { PeerForm } from "./policy-form.ts";
import { kindOfPeer } from "./rule-edits.ts";

/**
 * Whether two peers, one after the other, are pods and namespaces apart: with one dash less they would be one peer, whose
 * pods AND namespaces must match. Most who write this meant that.
 */
export function isSlip(first: PeerForm | undefined, second: PeerForm | undefined): boolean {
  const kinds = [first, second].map((each) => each && kindOfPeer(each));
  return kinds.includes("pods") && kinds.includes("namespaces");
}

/** Makes one peer of a pair at `list`, the second one's selector going to the first. */
export function joinPeers(
  list: Path,
  at: number,
  second: Readonly<Record<string, Plain>>,
): readonly FieldEdit[] {
  return [
    ...(["namespaceSelector", "podSelector"] as const)
      .filter((field) => second[field] !== undefined && second[field] !== null)
      .map((field): FieldEdit => ({ do: "set", path: [...list, at, field], value: second[field]! })),
    { do: "remove", path: [...list, at + 1] },
  ];
}

/** Makes two peers of one with both selectors: either is enough then. */
export function splitPeer(list: Path, at: number, namespaceSelector: Plain): readonly FieldEdit[] {
  return [
    { do: "remove", path: [...list, at, "namespaceSelector"] },
    { do: "add", path: list, value: { namespaceSelector } },
  ];
}
