import type { SourceItem, SourceMap, SourceNode, SourcePair } from "@portcullis/engine";

/** The place of a value: behind a colon, behind a dash, or in brackets. */
export interface Slot {
  readonly of: "field" | "item" | "document";
  readonly node: SourceNode | undefined;
  /** Behind what introduces the value: its colon or dash, and an anchor. */
  readonly introduced: number;
  /** Where its key or dash begins. */
  readonly start: number;
  /** Inside of braces or brackets. */
  readonly flow: boolean;
}

export function documentSlot(root: SourceNode): Slot {
  return { of: "document", node: root, introduced: root.span.start, start: root.span.start, flow: false };
}

export function fieldSlot({ start, introduced, value }: SourcePair, inside: Slot): Slot {
  return { of: "field", node: value, introduced, start, flow: isFlow(inside) };
}

export function itemSlot({ start, introduced, value }: SourceItem, inside: Slot): Slot {
  return { of: "item", node: value, introduced, start, flow: isFlow(inside) };
}

/** Whether what stands in a slot is, or is within, braces or brackets. */
export function isFlow({ flow, node }: Slot): boolean {
  return (
    flow || (node !== undefined && (node.kind === "map" || node.kind === "list") && node.style !== "block")
  );
}

/** Nothing is written there, or a word for nothing. */
export function isEmpty(node: SourceNode | undefined): boolean {
  if (node === undefined) return true;
  return node.kind === "scalar" && node.style === "plain" && /^(?:|~|null|Null|NULL)$/.test(node.text);
}

/** `{}` or `[]`. */
export function isBare(node: SourceNode | undefined): boolean {
  if (node?.kind === "map") return node.pairs.length === 0;
  return node?.kind === "list" && node.items.length === 0;
}

export function pairAt({ pairs }: SourceMap, key: string | number): number {
  return pairs.findIndex((pair) => pair.key?.kind === "scalar" && pair.key.text === key);
}

/** Where a field ends, without the comment and the line end behind it. */
export function endOfPair({ introduced, value }: SourcePair): number {
  return Math.max(
    introduced,
    value === undefined || value.span.start === value.span.end ? 0 : value.span.end,
  );
}

export function endOfItem({ introduced, value }: SourceItem): number {
  return Math.max(introduced, value.span.start === value.span.end ? 0 : value.span.end);
}
