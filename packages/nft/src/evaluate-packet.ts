import type { FakeChain, FakeRule, FakeTable } from "./fake-table.ts";
import { fieldTypes } from "./field.ts";
import { KeyIndex } from "./key-index.ts";
import { tcpFlagBits } from "./numbers.ts";
import { type Packet, PacketView } from "./packet.ts";
import type { Field, Rule, Statement, Verdict } from "./rule.ts";
import type { Element, ElementTypes } from "./set.ts";
import type { Hook } from "./table.ts";

/** A rule that matched the packet, or the policy of a base chain that no rule ended. */
export interface TraceStep {
  readonly hook: Hook["hook"];
  readonly table: string;
  readonly chain: string;
  /** The rule's place in its chain, from 0; absent for a policy. */
  readonly index?: number;
  readonly rule?: Rule;
  /** What the rule or the element of its map decided, if it did. */
  readonly verdict?: Verdict;
}

export interface Evaluation {
  readonly verdict: "accept" | "drop";
  readonly trace: readonly TraceStep[];
  /** Destination after DNAT. */
  readonly daddr: string;
  readonly dport?: number;
  readonly masqueraded: boolean;
  /** How it was refused, when not silently. */
  readonly rejected?: "tcp reset" | "icmpx admin-prohibited";
}

/** Picks one of `count` endpoints: 0 to count - 1. */
export type Choose = (count: number) => number;

const hooksOfPath: Readonly<Record<Packet["path"], readonly Hook["hook"][]>> = {
  forward: ["prerouting", "forward", "postrouting"],
  input: ["prerouting", "input"],
  output: ["output", "postrouting"],
};

interface BaseChain {
  readonly table: FakeTable;
  readonly chain: FakeChain;
  readonly base: Hook;
}

/** Base chains of each hook in the order in which packets meet them. */
export type BaseChains = ReadonlyMap<Hook["hook"], readonly BaseChain[]>;

/** Sorts out the base chains of all tables by hook and priority. */
export function baseChains(tables: readonly FakeTable[]): BaseChains {
  const bases = new Map<Hook["hook"], BaseChain[]>();
  for (const table of tables)
    for (const chain of table.chains.values()) {
      if (!chain.hook) continue;
      const list = bases.get(chain.hook.hook) ?? [];
      list.push({ table, chain, base: chain.hook });
      bases.set(chain.hook.hook, list);
    }
  for (const list of bases.values()) list.sort((a, b) => a.base.priority - b.base.priority);
  return bases;
}

type Outcome = "accept" | "drop" | "continue";

/** An index lives as long as the elements it was made of, which never change. */
const indexes = new WeakMap<object, KeyIndex>();

function indexOf(owner: object, make: () => KeyIndex): KeyIndex {
  let index = indexes.get(owner);
  if (!index) {
    index = make();
    indexes.set(owner, index);
  }
  return index;
}

function* keysOf(elements: ReadonlyMap<string, Element>): Iterable<readonly string[]> {
  for (const { key } of elements.values()) yield key;
}

/** Walks one packet through the hooks of all tables. */
class Walk {
  readonly #view: PacketView;
  readonly #choose: Choose;
  readonly trace: TraceStep[] = [];
  masqueraded = false;
  rejected: Evaluation["rejected"];
  #redirected = false;
  #hook: Hook["hook"] = "prerouting";

  constructor(view: PacketView, choose: Choose) {
    this.#view = view;
    this.#choose = choose;
  }

  through(bases: BaseChains, hook: Hook["hook"]): "accept" | "drop" {
    this.#hook = hook;
    const { family, ctState } = this.#view.packet;
    for (const { table, chain, base } of bases.get(hook) ?? []) {
      if (table.family !== "inet" && table.family !== family) continue;
      // Addresses are only ever translated for the first packet of a connection, and once.
      const bound = hook === "postrouting" ? this.masqueraded : this.#redirected;
      if (base.type === "nat" && (ctState !== "new" || bound)) continue;
      let outcome = this.#chain(table, chain);
      if (outcome === "continue") {
        outcome = base.policy;
        this.trace.push({ hook, table: table.name, chain: chain.name, verdict: { kind: outcome } });
      }
      if (outcome === "drop") return "drop";
    }
    return "accept";
  }

  #chain(table: FakeTable, chain: FakeChain): Outcome {
    // By number: an iterator for each chain would cost as much as its rules.
    for (let index = 0; index < chain.rules.length; index++) {
      const rule = chain.rules[index] as FakeRule;
      const verdict = this.#rule(table, rule);
      if (verdict === undefined) continue;
      const step = { hook: this.#hook, table: table.name, chain: chain.name, index, rule: rule.rule };
      if (verdict === "matched") {
        this.trace.push(step);
        continue;
      }
      this.trace.push(Object.assign(step, { verdict }));
      switch (verdict.kind) {
        case "accept":
        case "drop":
          return verdict.kind;
        case "return":
          return "continue";
        case "goto":
          return this.#enter(table, verdict.chain);
        case "jump": {
          const outcome = this.#enter(table, verdict.chain);
          if (outcome !== "continue") return outcome;
        }
      }
    }
    return "continue";
  }

  #enter(table: FakeTable, name: string): Outcome {
    const chain = table.chains.get(name);
    if (!chain) throw new Error(`chain ${name} is gone`);
    return this.#chain(table, chain);
  }

  /** What the rule decides; undefined when the packet does not match. */
  #rule(table: FakeTable, { rule, counters }: FakeRule): Verdict | "matched" | undefined {
    for (let i = 0; i < rule.statements.length; i++) {
      const statement = rule.statements[i] as Statement;
      const counter = counters[i];
      if (counter) {
        counter.packets++;
        counter.bytes += this.#view.length;
        continue;
      }
      const result = this.#statement(table, statement);
      if (result !== true) return result || undefined;
    }
    return "matched";
  }

  /** True to go on with the rule, false to leave it, or a verdict. */
  #statement(table: FakeTable, statement: Statement): boolean | Verdict {
    switch (statement.kind) {
      case "match":
        return this.#match(statement.fields, statement.not, () =>
          indexOf(
            statement,
            () =>
              new KeyIndex(
                statement.fields.map((f) => fieldTypes[f]),
                statement.values,
              ),
          ),
        );
      case "lookup":
        return this.#lookup(table, statement);
      case "flags":
        return this.#flags(statement);
      case "vmap":
        return this.#vmap(table, statement);
      case "update":
        return this.#update(table, statement);
      case "counter":
      case "limit":
      case "log":
        return true;
      case "dnat":
        return this.#dnat(statement);
      case "masquerade":
        this.masqueraded = true;
        return { kind: "accept" };
      case "reject":
        this.rejected = statement.with;
        return { kind: "drop" };
      case "verdict":
        return statement.verdict;
    }
  }

  #match(fields: readonly Field[], not: boolean | undefined, index: () => KeyIndex): boolean {
    const values = this.#view.readAll(fields);
    if (!values) return false;
    return (index().find(values) !== undefined) !== (not ?? false);
  }

  #lookup(table: FakeTable, { fields, not, set: name }: Extract<Statement, { kind: "lookup" }>): boolean {
    const { set, dynamic } = table.sets.get(name) ?? { set: undefined, dynamic: undefined };
    if (!set) throw new Error(`set ${name} is gone`);
    const values = this.#view.readAll(fields);
    if (!values) return false;
    const text = values.join(" . ");
    const found = set.interval ? this.#find(set, set.elements, values) : set.elements.get(text);
    return (found !== undefined || dynamic.has(text)) !== (not ?? false);
  }

  #find<T extends Element>(
    types: ElementTypes,
    elements: ReadonlyMap<string, T>,
    values: string[],
  ): T | undefined {
    const key = indexOf(elements, () => new KeyIndex(types.key, keysOf(elements))).find(values);
    return key === undefined ? undefined : elements.get(key);
  }

  #vmap(table: FakeTable, { fields, map: name }: Extract<Statement, { kind: "vmap" }>): boolean | Verdict {
    const map = table.maps.get(name);
    if (!map) throw new Error(`map ${name} is gone`);
    const values = this.#view.readAll(fields);
    const value = values && map.elements.get(values.join(" . "))?.value;
    return value && "kind" in value ? value : false;
  }

  #flags({ mask, not, value }: Extract<Statement, { kind: "flags" }>): boolean {
    const { flags } = this.#view;
    if (flags === undefined) return false;
    const bits = (names: readonly string[]): number =>
      names.reduce((sum, n) => sum | (tcpFlagBits.get(n) ?? 0), 0);
    return ((flags & bits(mask)) === bits(value)) !== (not ?? false);
  }

  #update(table: FakeTable, statement: Extract<Statement, { kind: "update" }>): boolean {
    const { set, dynamic } = table.sets.get(statement.set) ?? { set: undefined, dynamic: undefined };
    if (!set) throw new Error(`set ${statement.set} is gone`);
    const key = this.#view.readAll(statement.fields);
    if (!key) return false;
    const text = key.join(" . ");
    let element = dynamic.get(text);
    if (!element) {
      // A full set takes no more, and the rule ends there.
      if (set.size !== undefined && dynamic.size + set.elements.size >= set.size) return false;
      element = statement.counter ? { key, counter: { packets: 0, bytes: 0 } } : { key };
      dynamic.set(text, element);
    }
    if (element.counter) {
      element.counter.packets++;
      element.counter.bytes += this.#view.length;
    }
    return true;
  }

  #dnat({ family, to }: Extract<Statement, { kind: "dnat" }>): boolean | Verdict {
    if (family !== this.#view.packet.family) return false;
    const endpoint = to[to.length === 1 ? 0 : this.#choose(to.length)];
    if (!endpoint) throw new Error(`no endpoint at this place among ${to.length}`);
    this.#view.redirect(endpoint.address, endpoint.port);
    this.#redirected = true;
    return { kind: "accept" };
  }
}

/**
 * Judges a packet by all base chains on its path, in their order; a drop anywhere is final. Counters and dynamic sets
 * of the tables move.
 */
export function evaluatePacket(bases: BaseChains, packet: Packet, choose: Choose): Evaluation {
  const view = new PacketView(packet);
  const walk = new Walk(view, choose);
  let verdict: "accept" | "drop" = "accept";
  for (const hook of hooksOfPath[packet.path]) {
    verdict = walk.through(bases, hook);
    if (verdict === "drop") break;
  }
  return {
    verdict,
    trace: walk.trace,
    daddr: view.daddr,
    ...(view.dport === undefined ? {} : { dport: view.dport }),
    masqueraded: walk.masqueraded,
    ...(walk.rejected ? { rejected: walk.rejected } : {}),
  };
}
