import type { FakeTable } from "./fake-table.ts";
import { fieldTypes } from "./field.ts";
import { missing, Refusal, unsupported } from "./refusal.ts";
import type { Field, Rule, Verdict } from "./rule.ts";
import type { Datatype } from "./set.ts";
import type { Hook } from "./table.ts";

/** Chains that a packet may be inside of at once below a base chain (NFT_JUMP_STACK_SIZE less one). */
const JUMP_LIMIT = 15;

const hooksOfType: Readonly<Record<Hook["type"], readonly Hook["hook"][]>> = {
  filter: ["prerouting", "input", "forward", "output", "postrouting"],
  nat: ["prerouting", "input", "output", "postrouting"],
  route: ["output"],
};

/** Refuses hooks that the type of a base chain does not have. */
export function checkHook(hook: Hook): void {
  if (!hooksOfType[hook.type].includes(hook.hook)) throw unsupported();
}

/** Refuses a verdict to a chain that is not there, or is a base chain. */
export function checkVerdict(table: FakeTable, verdict: Verdict): void {
  if (!("chain" in verdict)) return;
  const chain = table.chains.get(verdict.chain);
  if (!chain) throw missing();
  if (chain.hook) throw unsupported();
}

function checkTypes(fields: readonly Field[], key: readonly Datatype[]): void {
  const types = fields.map((field) => fieldTypes[field]).join(" . ");
  if (types !== key.join(" . ")) throw new Refusal("datatype mismatch");
}

/** Refuses a rule that names what is not there, or puts fields where a set has others. */
export function checkRule(table: FakeTable, rule: Rule): void {
  let transport = false;
  for (const statement of rule.statements) {
    switch (statement.kind) {
      case "lookup":
      case "update": {
        const found = table.sets.get(statement.set);
        if (!found) throw new Refusal("No such file or directory");
        checkTypes(statement.fields, found.set.key);
        break;
      }
      case "vmap": {
        const map = table.maps.get(statement.map);
        if (!map) throw new Refusal("No such file or directory");
        checkTypes(statement.fields, map.key);
        break;
      }
      case "verdict":
        checkVerdict(table, statement.verdict);
        break;
      case "dnat":
        if (!transport)
          throw new Refusal("transport protocol mapping is only valid after transport protocol match");
    }
    if ("fields" in statement)
      transport ||= statement.fields.some((f) => f === "meta l4proto" || /^(tcp|udp|sctp) /.test(f));
  }
}

/** Chains that a chain's rules lead to, by verdicts of their own or of their maps. */
function* nextChains(table: FakeTable, name: string): Iterable<string> {
  for (const { rule } of table.chains.get(name)?.rules ?? [])
    for (const statement of rule.statements) {
      if (statement.kind === "verdict" && "chain" in statement.verdict) yield statement.verdict.chain;
      if (statement.kind !== "vmap") continue;
      for (const { value } of table.maps.get(statement.map)?.elements.values() ?? [])
        if ("kind" in value && "chain" in value) yield value.chain;
    }
}

function checkNat(table: FakeTable, name: string, hook: Hook): void {
  for (const { rule } of table.chains.get(name)?.rules ?? [])
    for (const { kind } of rule.statements) {
      if (kind === "dnat" && (hook.type !== "nat" || !["prerouting", "output"].includes(hook.hook)))
        throw unsupported();
      if (kind === "masquerade" && (hook.type !== "nat" || hook.hook !== "postrouting")) throw unsupported();
    }
}

/**
 * What the kernel checks at the end of a transaction, from each base chain: no more than 15 nested jumps (so no loop),
 * and address translation only where there is any. Chains that no base chain leads to are not looked at.
 */
export function checkFromBaseChains(table: FakeTable): void {
  for (const { name: base, hook } of table.chains.values()) {
    if (!hook) continue;
    // The depth at which each chain was seen: from there on only a greater one can make a difference.
    const depths = new Map<string, number>();
    const visit = (name: string, depth: number): void => {
      if ((depths.get(name) ?? -1) >= depth) return;
      if (depth > JUMP_LIMIT) throw new Refusal("Could not process rule: Too many links");
      if (!depths.has(name)) checkNat(table, name, hook);
      depths.set(name, depth);
      for (const next of new Set(nextChains(table, name))) visit(next, depth + 1);
    };
    visit(base, 0);
  }
}

/** Whether a rule or a map's element still names the object. */
export function isReferenced(table: FakeTable, name: string, kind: "chain" | "set"): boolean {
  for (const chain of table.chains.values())
    for (const { rule } of chain.rules)
      for (const statement of rule.statements) {
        if (kind === "set") {
          if ("set" in statement && statement.set === name) return true;
          if ("map" in statement && statement.map === name) return true;
        } else if (
          statement.kind === "verdict" &&
          "chain" in statement.verdict &&
          statement.verdict.chain === name
        )
          return true;
      }
  if (kind === "set") return false;
  for (const map of table.maps.values())
    for (const { value } of map.elements.values())
      if ("kind" in value && "chain" in value && value.chain === name) return true;
  return false;
}
