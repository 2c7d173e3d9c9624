import type { SourceNode } from "@portcullis/engine";
import { isRecord, valueAt } from "../yaml/edited-value.ts";
import type { Path } from "../yaml/field-edit.ts";
import { lineNumber } from "../yaml/lines.ts";
import type { FoundPolicy } from "./policy-at.ts";

/** Why a part of a policy is shown and cannot be changed by a form, by `keyOf` its path in the policy. */
export type Locks = ReadonlyMap<string, string>;

export function keyOf(path: Path): string {
  return path.join("\n");
}

/**
 * What is written in a manner that a form has no field for: aliases and what they repeat, merge keys, tags, fields that
 * are written twice. `firstLine` is the line of the file that the document's text begins in, from 1.
 */
export function locksOf({ text, tree, base }: FoundPolicy, firstLine: number): Locks {
  const finder = new LockFinder(text, firstLine, tree.value);
  finder.look(tree.root, []);
  for (const path of tree.duplicates)
    finder.lock(path.slice(0, -1), `“${String(path.at(-1))}” is written twice here.`);
  // A lock of what holds the policy is one of the policy.
  const own = [...finder.locks.values()].filter(({ path }) =>
    base.every((part, at) => at >= path.length || path[at] === part),
  );
  return new Map(own.map(({ path, why }) => [keyOf(path.slice(base.length)), why]));
}

class LockFinder {
  readonly locks = new Map<string, { readonly path: Path; readonly why: string }>();
  readonly #text: string;
  readonly #firstLine: number;
  readonly #value: unknown;
  /** The last node of each anchor so far, which is what an alias means. */
  readonly #anchors = new Map<string, { readonly path: Path; readonly offset: number }>();

  constructor(text: string, firstLine: number, value: unknown) {
    this.#text = text;
    this.#firstLine = firstLine;
    this.#value = value;
  }

  lock(path: Path, why: string): void {
    const key = keyOf(path);
    if (!this.locks.has(key)) this.locks.set(key, { path, why });
  }

  look(node: SourceNode, path: Path): void {
    if (node.kind === "alias") {
      const anchor = this.#anchors.get(node.name);
      this.lock(path, `*${node.name} stands for what line ${this.#line(anchor?.offset ?? 0)} says.`);
      if (anchor !== undefined)
        this.lock(anchor.path, `Line ${this.#line(node.span.start)} repeats this, as *${node.name}.`);
      return;
    }
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, { path, offset: node.span.start });
    if (node.tag !== undefined)
      this.lock(path, `It has a tag, ${node.tag.replace("tag:yaml.org,2002:", "!!")}.`);
    if (node.kind === "list")
      for (const [at, { value }] of node.items.entries()) this.look(value, [...path, at]);
    if (node.kind !== "map") return;
    for (const { key, value } of node.pairs) {
      const name = key?.kind === "scalar" && key.tag === undefined ? key.text : undefined;
      if (name === "<<")
        this.lock(path, `Line ${this.#line(key!.span.start)} merges fields of another place into it.`);
      else if (name === undefined || !this.#has(path, name))
        this.lock(path, "A field's name is no plain text.");
      if (value !== undefined) this.look(value, [...path, name ?? ""]);
    }
  }

  /** `y: 1` has a field `true`. */
  #has(path: Path, name: string): boolean {
    const map = valueAt(this.#value, path);
    return isRecord(map) && Object.hasOwn(map, name);
  }

  #line(offset: number): number {
    return lineNumber(this.#text, offset) + this.#firstLine - 1;
  }
}
