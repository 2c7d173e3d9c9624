import { formatRule } from "./format-rule.ts";
import { formatElements, formatMapProperties, formatSetProperties } from "./format-set.ts";
import { formatName } from "./name.ts";
import type { NftMap, NftSet } from "./set.ts";
import type { Chain, Hook, Table, TableRef } from "./table.ts";

/** `inet portcullis`. */
export function formatTableRef(table: TableRef): string {
  return `${table.family} ${formatName(table.name)}`;
}

/** `type filter hook forward priority -5; policy drop;` */
export function formatHook(hook: Hook): string {
  if (!Number.isSafeInteger(hook.priority)) throw new Error(`not a priority: ${hook.priority}`);
  return `type ${hook.type} hook ${hook.hook} priority ${hook.priority}; policy ${hook.policy};`;
}

function formatChain(chain: Chain): string {
  const lines = chain.rules.map((rule) => `\t\t${formatRule(rule)}\n`);
  const hook = chain.hook ? `\t\t${formatHook(chain.hook)}\n` : "";
  return `\tchain ${formatName(chain.name)} {\n${hook}${lines.join("")}\t}\n`;
}

function formatSet(kind: "set" | "map", set: NftSet | NftMap): string {
  const properties = "value" in set ? formatMapProperties(set) : formatSetProperties(set);
  if (set.elements.size > 0) properties.push(`elements = ${formatElements(set, set.elements.values())}`);
  return `\t${kind} ${formatName(set.name)} {\n${properties.map((line) => `\t\t${line}\n`).join("")}\t}\n`;
}

/** The whole table in the manner of `nft -n list table`. `parseTable` reads it back to an equal table. */
export function formatTable(table: Table): string {
  const blocks = [
    ...Array.from(table.sets.values(), (set) => formatSet("set", set)),
    ...Array.from(table.maps.values(), (map) => formatSet("map", map)),
    ...Array.from(table.chains.values(), formatChain),
  ];
  return `table ${formatTableRef(table)} {\n${blocks.join("\n")}}\n`;
}
