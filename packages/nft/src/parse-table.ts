import { parseRule } from "./parse-rule.ts";
import { parseMap, parseSet } from "./parse-set.ts";
import { Reader } from "./reader.ts";
import type { Rule } from "./rule.ts";
import type { NftMap, NftSet } from "./set.ts";
import type { Chain, Family, Hook, Table } from "./table.ts";

/** Names of priorities in the families that we use (nft(8), CHAINS). */
const priorities: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

function parsePriority(reader: Reader): number {
  const word = reader.word("a priority");
  const base = Object.hasOwn(priorities, word) ? priorities[word] : undefined;
  if (base === undefined) return /^-?[0-9]+$/.test(word) ? Number(word) : reader.fail(`priority ${word}`);
  if (reader.accept("+")) return base + reader.number("an offset");
  if (reader.accept("-")) return base - reader.number("an offset");
  return base;
}

function oneOf<T extends string>(reader: Reader, what: string, choices: readonly T[]): T {
  const word = reader.word(what);
  return choices.find((choice) => choice === word) ?? reader.fail(`${what} ${word} is not one we use`);
}

function parseHook(reader: Reader): Hook {
  const type = oneOf(reader, "a chain's type", ["filter", "nat", "route"]);
  reader.expect("hook");
  const hook = oneOf(reader, "a hook", ["prerouting", "input", "forward", "output", "postrouting"]);
  reader.expect("priority");
  const priority = parsePriority(reader);
  reader.skipLineBreaks();
  const policy = reader.accept("policy") ? oneOf(reader, "a policy", ["accept", "drop"]) : "accept";
  return { type, hook, priority, policy };
}

function parseChain(reader: Reader): Chain {
  const name = reader.word("a chain's name");
  let hook: Hook | undefined;
  const rules: Rule[] = [];
  reader.expect("{");
  for (reader.skipLineBreaks(); !reader.accept("}"); reader.skipLineBreaks()) {
    if (reader.accept("type")) hook = parseHook(reader);
    else rules.push(parseRule(reader));
  }
  return hook ? { name, hook, rules } : { name, rules };
}

/**
 * The table that a listing shows: `nft list table`, with or without `-n`, or the output of `formatTable`. Also reads
 * `nft list set` and `nft list map`, whose table holds the one object.
 * @throws NftParseError with the line for anything that this package could not have written.
 */
export function parseTable(text: string): Table {
  const reader = new Reader(text);
  const chains = new Map<string, Chain>();
  const sets = new Map<string, NftSet>();
  const maps = new Map<string, NftMap>();
  reader.skipLineBreaks();
  reader.expect("table");
  const family: Family = oneOf(reader, "a family", ["ip", "ip6", "inet"]);
  const name = reader.word("a table's name");
  reader.expect("{");
  for (reader.skipLineBreaks(); !reader.accept("}"); reader.skipLineBreaks()) {
    if (reader.accept("set")) {
      const set = parseSet(reader);
      sets.set(set.name, set);
    } else if (reader.accept("map")) {
      const map = parseMap(reader);
      maps.set(map.name, map);
    } else if (reader.accept("chain")) {
      const chain = parseChain(reader);
      chains.set(chain.name, chain);
    } else reader.fail("expected a set, a map or a chain");
  }
  reader.skipLineBreaks();
  if (reader.peek() !== undefined) reader.fail("more text after the table");
  return { family, name, chains, sets, maps };
}
