import { canonicalRule } from "./canonical-rule.ts";
import type { Rule, Statement } from "./rule.ts";
import type { Counter, Element, NftMap, NftSet } from "./set.ts";
import type { Chain, Hook, Table, TableRef } from "./table.ts";

/** A counter that packets move. */
interface MovingCounter {
  packets: number;
  bytes: number;
}

/** A rule in a chain of the fake, with a counter for each of its counter statements, by their place. */
export interface FakeRule {
  readonly rule: Rule;
  readonly counters: readonly (MovingCounter | undefined)[];
}

export interface FakeChain {
  readonly name: string;
  readonly hook: Hook | undefined;
  readonly rules: readonly FakeRule[];
}

/** Elements that rules put into a dynamic set. */
type DynamicElements = Map<string, { readonly key: readonly string[]; counter?: MovingCounter }>;

export interface FakeSet {
  /** As defined, with the elements that transactions put in. */
  readonly set: NftSet;
  readonly dynamic: DynamicElements;
}

/**
 * A table of the fake. Its three maps are copied for a transaction and changed in place there; what they hold is
 * replaced, never changed, but for counters and dynamic elements, which only packets move.
 */
export interface FakeTable extends TableRef {
  readonly chains: Map<string, FakeChain>;
  readonly sets: Map<string, FakeSet>;
  readonly maps: Map<string, NftMap>;
}

export function emptyFakeTable({ family, name }: TableRef): FakeTable {
  return { family, name, chains: new Map(), sets: new Map(), maps: new Map() };
}

/** A draft to work on while the original stays as it is. */
export function copyFakeTable(table: FakeTable): FakeTable {
  return {
    family: table.family,
    name: table.name,
    chains: new Map(table.chains),
    sets: new Map(table.sets),
    maps: new Map(table.maps),
  };
}

export function toFakeRule(rule: Rule): FakeRule {
  const canonical = canonicalRule(rule);
  const counters = canonical.statements.map((s) =>
    s.kind === "counter" ? { packets: s.value?.packets ?? 0, bytes: s.value?.bytes ?? 0 } : undefined,
  );
  return { rule: canonical, counters };
}

function snapshotRule({ rule, counters }: FakeRule): Rule {
  const statements = rule.statements.map((statement, i): Statement => {
    const counter = counters[i];
    return counter ? { kind: "counter", value: { ...counter } } : statement;
  });
  return { ...rule, statements };
}

function snapshotChain({ name, hook, rules }: FakeChain): Chain {
  const listed = rules.map(snapshotRule);
  return hook ? { name, hook, rules: listed } : { name, rules: listed };
}

/** The set as a listing shows it. */
export function snapshotSet({ set, dynamic }: FakeSet): NftSet {
  if (!set.dynamic) return set;
  const elements = new Map<string, Element>(set.elements);
  for (const [text, { key, counter }] of dynamic)
    elements.set(text, counter ? { key, counter: { ...counter } satisfies Counter } : { key });
  return { ...set, elements };
}

function mapValues<A, B>(map: ReadonlyMap<string, A>, convert: (value: A) => B): Map<string, B> {
  return new Map(Array.from(map, ([name, value]) => [name, convert(value)]));
}

/** The table as a terse listing shows it: no elements, no figures. */
export function terseTable(table: FakeTable): Table {
  return {
    family: table.family,
    name: table.name,
    chains: mapValues(table.chains, ({ name, hook, rules }) => {
      const listed = rules.map(({ rule: { statements, ...rest } }) => ({
        ...rest,
        statements: statements.map(
          (each): Statement => (each.kind === "counter" ? { kind: "counter" } : each),
        ),
      }));
      return hook ? { name, hook, rules: listed } : { name, rules: listed };
    }),
    sets: mapValues(table.sets, ({ set }) => ({ ...set, elements: new Map() })),
    maps: mapValues(table.maps, (map) => ({ ...map, elements: new Map() })),
  };
}

/** The table as a listing shows it. */
export function snapshotTable(table: FakeTable): Table {
  return {
    family: table.family,
    name: table.name,
    chains: mapValues(table.chains, snapshotChain),
    sets: mapValues(table.sets, snapshotSet),
    maps: new Map(table.maps),
  };
}
