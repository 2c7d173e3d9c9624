import { type Document, isAlias, isMap, isSeq, type Node, type Pair, type Scalar } from "yaml";
import type { Path } from "./field-error.ts";
import type { SourceProblem, Span } from "./source-document.ts";
import { composeYaml } from "./yaml-compose.ts";
import { readYamlDocument } from "./yaml-document.ts";

/** How a YAML document is written, for who edits its text and must leave alone what is beside. Offsets are of the text. */
export type SourceNode = SourceMap | SourceList | SourceScalar | SourceAlias;

interface Written {
  /** Without anchor and tag, comments and white space around it. Empty for a value that is not written. */
  readonly span: Span;
  readonly anchor?: string;
  /** Only one that is written. */
  readonly tag?: string;
}

export interface SourceMap extends Written {
  readonly kind: "map";
  /** `pair`: the only field of a map without braces, as in `[a: b]`. */
  readonly style: "block" | "flow" | "pair";
  readonly pairs: readonly SourcePair[];
}

export interface SourcePair {
  /** Where its key begins, with the key's anchor and tag. */
  readonly start: number;
  readonly key: SourceNode | undefined;
  /** The end of the colon, or of the value's anchor or tag behind it; the end of the key where there is no colon. */
  readonly introduced: number;
  /** Undefined where there is no colon. */
  readonly value: SourceNode | undefined;
}

export interface SourceList extends Written {
  readonly kind: "list";
  readonly style: "block" | "flow";
  readonly items: readonly SourceItem[];
}

export interface SourceItem {
  /** The dash, or in brackets where the item begins, with its anchor and tag. */
  readonly start: number;
  /** The end of the dash, or of the anchor or tag behind it. */
  readonly introduced: number;
  readonly value: SourceNode;
}

export interface SourceScalar extends Written {
  readonly kind: "scalar";
  readonly style: "plain" | "single" | "double" | "block";
  /** Its text, before anything is made of it: `0x10`. */
  readonly text: string;
}

export interface SourceAlias extends Written {
  readonly kind: "alias";
  readonly name: string;
}

export type SourceTree =
  | {
      readonly root: SourceNode;
      /** What kubectl would send. */
      readonly value: unknown;
      /** Paths of fields that are written more than once. */
      readonly duplicates: readonly Path[];
      readonly problem?: never;
    }
  | { readonly problem: SourceProblem };

/**
 * Reads one document (see `splitDocuments`) with the places of all that it is made of. Undefined for a text without
 * content. Errors are those that a manifest's reader gives.
 */
export function readSourceTree(text: string): SourceTree | undefined {
  const read = readYamlDocument(text, 0);
  if (read === undefined || read.document === undefined) return read;
  const root = composeYaml(text, { keepSourceTokens: true });
  if (root === undefined) return undefined;
  const { value, duplicates } = read.document;
  return { root: nodeOf(root), value, duplicates };
}

/** A lexeme, as the package keeps it beside a node. */
interface Token {
  readonly type: string;
  readonly offset: number;
  readonly source: string;
}

interface CollectionToken {
  readonly items: readonly { readonly start: readonly Token[]; readonly sep?: readonly Token[] }[];
}

function nodeOf(node: Node): SourceNode {
  const { anchor, tag, srcToken } = node as Document["contents"] & Scalar;
  const [start, end] = node.range as [number, number, number];
  const common = { ...(anchor !== undefined && { anchor }), ...(tag !== undefined && { tag }) };
  if (isAlias(node)) return { kind: "alias", span: { start, end }, name: node.source };
  const tokens = (srcToken as unknown as CollectionToken | undefined)?.items ?? [];
  if (isSeq(node)) {
    const items = node.items.map((item, at) => itemOf(item as Node, tokens[at]?.start ?? []));
    const style = node.flow === true ? "flow" : "block";
    const last = items.at(-1);
    const written =
      style === "flow" || last === undefined ? end : Math.max(last.introduced, endOf(last.value));
    return { kind: "list", style, items, span: { start, end: written }, ...common };
  }
  if (isMap(node)) {
    const pairs = (node.items as Pair<Node | null, Node | null>[]).map(pairOf);
    const style = node.flow !== true ? "block" : srcToken === undefined ? "pair" : "flow";
    const last = pairs.at(-1);
    const written = style === "flow" || last === undefined ? end : endOfPair(last);
    const from = style === "block" ? (pairs[0]?.start ?? start) : start;
    return { kind: "map", style, pairs, span: { start: from, end: written }, ...common };
  }
  const { value, type } = node as Scalar;
  return {
    kind: "scalar",
    style: styles[type ?? "PLAIN"]!,
    text: String(value),
    span: { start, end },
    ...common,
  };
}

const styles: Readonly<Record<string, SourceScalar["style"]>> = {
  PLAIN: "plain",
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "block",
  BLOCK_FOLDED: "block",
};

function pairOf(pair: Pair<Node | null, Node | null>): SourcePair {
  const { start: before = [], sep = [] } = (pair.srcToken ?? {}) as Partial<CollectionToken["items"][number]>;
  const key = pair.key === null ? undefined : nodeOf(pair.key);
  const value = pair.value === null ? undefined : nodeOf(pair.value);
  const keyStart = key?.span.start ?? value?.span.start ?? 0;
  return {
    start: before.find(isProperty)?.offset ?? keyStart,
    key,
    introduced: endOfLast(sep) ?? key?.span.end ?? keyStart,
    value,
  };
}

function itemOf(item: Node, before: readonly Token[]): SourceItem {
  const value = nodeOf(item);
  const first = before.find((token) => token.type === "seq-item-ind" || isProperty(token));
  return {
    start: first?.offset ?? value.span.start,
    introduced: endOfLast(before) ?? value.span.start,
    value,
  };
}

function isProperty({ type }: Token): boolean {
  return type === "anchor" || type === "tag";
}

/** Of the tokens before a value that are more than white space, comments and commas. */
function endOfLast(tokens: readonly Token[]): number | undefined {
  const last = tokens.findLast(
    (token) => token.type === "map-value-ind" || token.type === "seq-item-ind" || isProperty(token),
  );
  return last && last.offset + last.source.length;
}

function endOfPair({ introduced, value }: SourcePair): number {
  return value === undefined ? introduced : Math.max(introduced, endOf(value));
}

/** An empty value's place may lie behind the white space before it. */
function endOf({ span }: SourceNode): number {
  return span.start === span.end ? 0 : span.end;
}
