import { compareElements, elementText, type PathElement } from "./path-element.ts";

interface FieldNode {
  /** Whether the field itself is in the set, and not only what is below it. */
  readonly member: boolean;
  readonly below: FieldSet;
}

type FieldPath = readonly PathElement[];

/** A set of fields as a tree. A field is in it or not, whatever is with those above and below it. Never modified. */
export class FieldSet {
  /** Not a field: the compiler's output for a class that makes one of its own while it is being defined does not run. */
  static get empty(): FieldSet {
    return empty;
  }

  /** No node of it is empty. */
  readonly nodes: ReadonlyMap<PathElement, FieldNode>;

  constructor(nodes: ReadonlyMap<PathElement, FieldNode>) {
    this.nodes = nodes;
  }

  static of(...paths: readonly FieldPath[]): FieldSet {
    return paths.reduce((set, path) => set.union(single(path)), FieldSet.empty);
  }

  get isEmpty(): boolean {
    return this.nodes.size === 0;
  }

  hasMember(element: PathElement): boolean {
    return this.nodes.get(element)?.member === true;
  }

  /** What is below that field. */
  below(element: PathElement): FieldSet {
    return this.nodes.get(element)?.below ?? FieldSet.empty;
  }

  union(other: FieldSet): FieldSet {
    if (this.isEmpty || this === other) return other;
    if (other.isEmpty) return this;
    const nodes = new Map(this.nodes);
    for (const [element, { member, below }] of other.nodes) {
      const mine = nodes.get(element);
      if (mine === undefined) nodes.set(element, { member, below });
      else nodes.set(element, { member: mine.member || member, below: mine.below.union(below) });
    }
    return new FieldSet(nodes);
  }

  intersection(other: FieldSet): FieldSet {
    return this.#each((element, { member, below }) => ({
      member: member && other.hasMember(element),
      below: below.intersection(other.below(element)),
    }));
  }

  /** Without the fields that the other has; what is below them stays. */
  difference(other: FieldSet): FieldSet {
    if (other.isEmpty || this.isEmpty) return this;
    return this.#each((element, { member, below }) => ({
      member: member && !other.hasMember(element),
      below: below.difference(other.below(element)),
    }));
  }

  /** Without the fields that the other has and everything below them. */
  recursiveDifference(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    return this.#each((element, { member, below }) =>
      other.hasMember(element)
        ? { member: false, below: FieldSet.empty }
        : { member, below: below.recursiveDifference(other.below(element)) },
    );
  }

  #each(change: (element: PathElement, node: FieldNode) => FieldNode): FieldSet {
    const nodes = new Map<PathElement, FieldNode>();
    for (const [element, node] of this.nodes) {
      const changed = change(element, node);
      if (changed.member || !changed.below.isEmpty) nodes.set(element, changed);
    }
    return new FieldSet(nodes);
  }

  /** Every field of the set, as messages write it: `.spec.containers[name="x"].image`. */
  paths(): readonly string[] {
    const members: string[] = [];
    const deeper: string[] = [];
    for (const [element, { member, below }] of this.sorted()) {
      const text = elementText(element);
      if (member) members.push(text);
      for (const path of below.paths()) deeper.push(text + path);
    }
    return [...members, ...deeper];
  }

  sorted(): readonly (readonly [PathElement, FieldNode])[] {
    return [...this.nodes].sort(([a], [b]) => compareElements(a, b));
  }
}

const empty = new FieldSet(new Map());

function single(path: FieldPath): FieldSet {
  const [first, ...rest] = path;
  if (first === undefined) return FieldSet.empty;
  return new FieldSet(new Map([[first, { member: rest.length === 0, below: single(rest) }]]));
}

/** Collects fields one at a time. */
export class FieldSetBuilder {
  readonly #nodes = new Map<PathElement, { member: boolean; readonly below: FieldSetBuilder }>();

  add(element: PathElement): void {
    this.#at(element).member = true;
  }

  /** What collects the fields below that one. */
  into(element: PathElement): FieldSetBuilder {
    return this.#at(element).below;
  }

  build(): FieldSet {
    const nodes = new Map<PathElement, FieldNode>();
    for (const [element, { member, below }] of this.#nodes) {
      const set = below.build();
      if (member || !set.isEmpty) nodes.set(element, { member, below: set });
    }
    return new FieldSet(nodes);
  }

  #at(element: PathElement) {
    let node = this.#nodes.get(element);
    if (node === undefined) {
      node = { member: false, below: new FieldSetBuilder() };
      this.#nodes.set(element, node);
    }
    return node;
  }
}
