import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Path, Segment } from "./field-error.ts";
import { Refusal } from "./refusal.ts";
import { type SourceResult, type Span, setOwn } from "./source-document.ts";
import { composeYaml } from "./yaml-compose.ts";
import { keyText, resolvePlainScalar, resolveTaggedScalar, type ScalarValue } from "./yaml-scalar.ts";

/**
 * Reads one YAML document (a slice of a file, which begins at `offset`) as sigs.k8s.io/yaml does. The `yaml` package
 * gives the tree; what its scalars mean, which keys clash and how anchors and merges unfold is decided here, because
 * go-yaml decides it differently. Gives undefined for a slice without content.
 */
export function readYamlDocument(text: string, offset: number): SourceResult | undefined {
  try {
    const root = composeYaml(text);
    return root && { document: new Reader(offset).read(root) };
  } catch (error) {
    if (error instanceof Refusal) {
      const { code, message, span } = error.problem;
      return { problem: { code, message, span: { start: offset + span.start, end: offset + span.end } } };
    }
    // What was not nested too deeply for the composer may still be for this reader.
    if (error instanceof RangeError) {
      const span = { start: offset, end: offset + 1 };
      return { problem: { code: "limit", message: "nested too deeply", span } };
    }
    throw error;
  }
}

type Key = Node | null;
type AnyPair = Pair<Key, Node | null>;

class Reader {
  readonly #offset: number;
  readonly #duplicates: Segment[][] = [];
  /** The last node of each anchor's name so far; an alias means the nearest one before it. */
  readonly #anchors = new Map<string, Node>();
  readonly #targets = new Map<Alias, Node>();
  /** Nodes that are being read, to find an anchor that holds itself. */
  readonly #open = new Set<Node>();
  readonly #pairs = new Map<YAMLMap, Map<string, AnyPair>>();
  #nodes = 0;
  #aliased = 0;
  #aliasDepth = 0;

  constructor(offset: number) {
    this.#offset = offset;
  }

  read(root: Node) {
    const value = this.#value(root, []);
    return {
      value,
      duplicates: this.#duplicates,
      syntax: "yaml" as const,
      locate: (path: Path, part: "value" | "key") => this.#locate(root, path, part),
    };
  }

  #value(node: Node | null, path: Segment[]): unknown {
    if (node === null) return null;
    this.#count(node);
    if (isAlias(node)) return this.#aliasValue(node, path);
    this.#register(node);
    if (isScalar(node)) return this.#scalarValue(node);

    this.#open.add(node);
    const value = isSeq(node) ? this.#listValue(node, path) : this.#mapValue(node as YAMLMap, path);
    this.#open.delete(node);
    return value;
  }

  /** Nodes under an alias were registered when they were read in their own place. */
  #register(node: Node): void {
    const anchor = (node as { anchor?: string }).anchor;
    if (anchor !== undefined && this.#aliasDepth === 0) this.#anchors.set(anchor, node);
  }

  /** go-yaml's defence against anchors that multiply: the share of nodes that aliases may make falls as they grow. */
  #count(node: Node): void {
    this.#nodes++;
    if (this.#aliasDepth > 0) this.#aliased++;
    if (this.#aliased <= 100 || this.#nodes <= 1000) return;
    const grown = Math.min(1, Math.max(0, (this.#nodes - 400_000) / 3_600_000));
    if (this.#aliased / this.#nodes > 0.99 - 0.89 * grown) {
      throw new Refusal("limit", "document contains excessive aliasing", spanOf(node));
    }
  }

  #aliasValue(alias: Alias, path: Segment[]): unknown {
    const target = this.#target(alias);
    this.#aliasDepth++;
    const value = this.#value(target, path);
    this.#aliasDepth--;
    return value;
  }

  #target(alias: Alias): Node {
    const known = this.#targets.get(alias);
    if (known !== undefined) return known;
    const target = this.#anchors.get(alias.source);
    const span = spanOf(alias);
    if (target === undefined)
      throw new Refusal("syntax", `unknown anchor '${alias.source}' referenced`, span);
    if (this.#open.has(target)) {
      throw new Refusal("syntax", `anchor '${alias.source}' value contains itself`, span);
    }
    this.#targets.set(alias, target);
    return target;
  }

  #scalarValue(node: Scalar): unknown {
    const value = resolveScalar(node);
    const span = spanOf(node);
    if (value === undefined) {
      throw new Refusal("syntax", `cannot decode \`${node.value}\` as a ${shortTag(node.tag ?? "")}`, span);
    }
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw new Refusal("syntax", `unsupported value: ${node.value} has no JSON`, span);
    }
    return value;
  }

  #listValue(list: YAMLSeq, path: Segment[]): unknown[] {
    return list.items.map((item, index) => {
      path.push(index);
      const value = this.#value(item as Node | null, path);
      path.pop();
      return value;
    });
  }

  #mapValue(map: YAMLMap, path: Segment[]): Record<string, unknown> {
    const target: Record<string, unknown> = {};
    this.#fill(target, map, path);
    return target;
  }

  /** In the order of the text, so that a merge below a key wins over it, as in go-yaml 2. */
  #fill(target: Record<string, unknown>, map: YAMLMap, path: Segment[]): void {
    const seen = new Set<string>();
    for (const pair of map.items as AnyPair[]) {
      if (isMergeKey(pair.key)) {
        this.#merge(target, pair.value, path);
        continue;
      }
      const key = this.#key(pair.key);
      path.push(key);
      if (seen.has(key) && this.#aliasDepth === 0) this.#duplicates.push([...path]);
      seen.add(key);
      setOwn(target, key, this.#value(pair.value, path));
      path.pop();
    }
  }

  #key(node: Key): string {
    const key = node !== null && isAlias(node) ? this.#target(node) : node;
    if (key !== null) this.#register(key);
    const value = key === null ? null : isScalar(key) ? resolveScalar(key) : undefined;
    const text = value === undefined ? undefined : keyText(value);
    if (text === undefined) {
      const span = node === null ? { start: 0, end: 1 } : spanOf(node);
      throw new Refusal("syntax", "unsupported map key: keys are text, numbers or booleans", span);
    }
    return text;
  }

  #merge(target: Record<string, unknown>, value: Node | null, path: Segment[]): void {
    if (value !== null && isSeq(value)) {
      this.#count(value);
      // Backwards: an earlier source wins over a later one.
      for (const item of value.items.toReversed()) this.#mergeOne(target, item as Node | null, path);
    } else {
      this.#mergeOne(target, value, path);
    }
  }

  #mergeOne(target: Record<string, unknown>, value: Node | null, path: Segment[]): void {
    const source = value !== null && isAlias(value) ? this.#target(value) : value;
    if (source === null || !isMap(source)) {
      const span = value === null ? { start: 0, end: 1 } : spanOf(value);
      throw new Refusal("syntax", "map merge requires map or sequence of maps as the value", span);
    }
    this.#count(source);
    this.#register(source);
    if (source !== value) this.#aliasDepth++;
    this.#fill(target, source, path);
    if (source !== value) this.#aliasDepth--;
  }

  #locate(root: Node, path: Path, part: "value" | "key"): Span {
    let node: Node | null = this.#follow(root);
    let found: Span = spanOf(root, this.#offset);
    for (const [index, segment] of path.entries()) {
      const last = index === path.length - 1;
      if (isSeq(node) && typeof segment === "number" && segment < node.items.length) {
        const item = node.items[segment] as Node | null;
        if (item !== null) found = spanOf(item, this.#offset);
        node = this.#follow(item);
      } else if (isMap(node)) {
        const pair = this.#pairsOf(node).get(String(segment));
        if (pair === undefined) return found;
        const key: Span = pair.key === null ? found : spanOf(pair.key, this.#offset);
        const value = pair.value === null ? undefined : spanOf(pair.value, this.#offset);
        // On the way down the key stands for what is missing below it; an empty value has no place of its own.
        found = last && part === "value" && value !== undefined && value.end > value.start ? value : key;
        node = this.#follow(pair.value);
      } else {
        return found;
      }
    }
    return found;
  }

  #follow(node: Node | null): Node | null {
    return node !== null && isAlias(node) ? (this.#targets.get(node) ?? null) : node;
  }

  /** The pair that each key of a map got its value from, merges included. */
  #pairsOf(map: YAMLMap): Map<string, AnyPair> {
    const known = this.#pairs.get(map);
    if (known !== undefined) return known;
    const pairs = new Map<string, AnyPair>();
    this.#pairs.set(map, pairs);
    for (const pair of map.items as AnyPair[]) {
      if (!isMergeKey(pair.key)) {
        pairs.set(this.#key(pair.key), pair);
        continue;
      }
      const source = this.#follow(pair.value);
      const sources = isSeq(source) ? source.items.toReversed() : [source];
      for (const one of sources) {
        const merged = this.#follow(one as Node | null);
        if (isMap(merged)) for (const [key, inner] of this.#pairsOf(merged)) pairs.set(key, inner);
      }
    }
    return pairs;
  }
}

/** A quoted scalar is text whatever it looks like, unless a tag says otherwise. */
function resolveScalar(node: Scalar): ScalarValue | undefined {
  const source = node.value as string;
  if (node.tag !== undefined && node.tag !== "!") return resolveTaggedScalar(node.tag, source);
  return node.type === "PLAIN" && node.tag !== "!" ? resolvePlainScalar(source) : source;
}

function isMergeKey(key: Key): boolean {
  return (
    isScalar(key) &&
    key.value === "<<" &&
    key.type === "PLAIN" &&
    (key.tag === undefined || /:merge$/.test(key.tag))
  );
}

function shortTag(tag: string): string {
  return tag.replace("tag:yaml.org,2002:", "!!");
}

/** In offsets of the slice; `offset` makes them the file's. */
function spanOf(node: Node, offset = 0): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start: offset + start, end: offset + end };
}
