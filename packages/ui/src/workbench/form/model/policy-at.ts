import { type SourceItem, type SourceNode, type SourceTree, splitDocuments } from "@portcullis/engine";
import { isRecord, valueAt } from "../yaml/edited-value.ts";
import type { Path } from "../yaml/field-edit.ts";
import { lineNumber } from "../yaml/lines.ts";
import { readTree } from "../yaml/read-tree.ts";

/** What there is for a form at a place of a file. */
export type AtCursor =
  | FoundPolicy
  /** Not a NetworkPolicy; with the policies that the file has elsewhere. */
  | { readonly found: "other"; readonly kind: string; readonly policies: readonly PolicyPlace[] }
  | { readonly found: "unreadable"; readonly message: string; readonly line: number }
  | { readonly found: "too-long" };

export interface FoundPolicy {
  readonly found: "policy";
  /** The document: where it begins in the file, and its text. */
  readonly start: number;
  readonly text: string;
  readonly tree: Extract<SourceTree, { readonly problem?: never }>;
  /** Where the policy begins in the file. */
  readonly offset: number;
  /** From the document to the policy: of a `List` it is an item. */
  readonly base: Path;
  readonly policy: Readonly<Record<string, unknown>>;
}

interface PolicyPlace {
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

/** A policy has some hundred characters; one of more than this is read, and a form of it drawn, too slowly for each key. */
const longestDocument = 30_000;
/** The documents of a longer file are not even looked for. */
const longestFile = 2_000_000;

/** Of the document that an offset lies in: a line of dashes belongs to what follows it. */
export function policyAt(text: string, offset: number): AtCursor {
  if (text.length > longestFile) return { found: "too-long" };
  const documents = splitDocuments(text);
  const { start, end } = documents.find((each) => offset < each.end) ?? documents.at(-1)!;
  if (end - start > longestDocument) return { found: "too-long" };
  const own = text.slice(start, end);
  const tree = readTree(own);
  if (tree?.problem !== undefined) {
    const { message, span } = tree.problem;
    // What is missing at the end is missing where the text ends, and not in the document behind it.
    const place = start + Math.min(span.start, own.trimEnd().length);
    return { found: "unreadable", message, line: lineNumber(text, place) };
  }
  const base = tree && pathOfPolicy(tree.value, tree.root, offset - start);
  const policy = base && valueAt(tree.value, base);
  if (tree === undefined || base === undefined || !isRecord(policy))
    return { found: "other", kind: kindOf(tree?.value), policies: policiesOf(text) };
  const place = start + placeOf(tree.root, base);
  return { found: "policy", start, text: own, tree, offset: place, base, policy };
}

function pathOfPolicy(value: unknown, root: SourceNode, offset: number): Path | undefined {
  if (isPolicy(value)) return [];
  if (!isRecord(value) || !Array.isArray(value.items)) return undefined;
  const ofPolicies = value.kind === "NetworkPolicyList";
  const at = itemAt(root, offset);
  return isPolicy(value.items[at]) || (ofPolicies && isRecord(value.items[at])) ? ["items", at] : undefined;
}

function placeOf(root: SourceNode, base: Path): number {
  const items = base.length === 0 ? undefined : itemsOf(root);
  return (items?.[Number(base[1])]?.value ?? root).span.start;
}

/** The item of a list of objects that an offset lies in: the last one that begins before it. */
function itemAt(root: SourceNode, offset: number): number {
  return itemsOf(root).findLastIndex(({ start }) => start <= offset);
}

function itemsOf(root: SourceNode): readonly SourceItem[] {
  const pairs = root.kind === "map" ? root.pairs : [];
  const items = pairs.find(({ key }) => key?.kind === "scalar" && key.text === "items")?.value;
  return items?.kind === "list" ? items.items : [];
}

function isPolicy(value: unknown): boolean {
  return (
    isRecord(value) &&
    value.kind === "NetworkPolicy" &&
    /^networking\.k8s\.io\//.test(String(value.apiVersion))
  );
}

function kindOf(value: unknown): string {
  return isRecord(value) && typeof value.kind === "string" ? value.kind : "";
}

/** By their lines, so that a file of thousands of documents need not be read. */
function policiesOf(text: string): readonly PolicyPlace[] {
  return splitDocuments(text).flatMap(({ start, end }) => {
    const own = text.slice(start, end);
    const kind = /^[ "{]*kind"?: *["']?NetworkPolicy\b(?!List)/m.exec(own);
    if (kind === null) return [];
    const name = /\bname"?:\s*["']?([-\w.]+)/.exec(own)?.[1] ?? "";
    return [{ name, line: lineNumber(text, start + kind.index) }];
  });
}
