import { formatRule } from "./format-rule.ts";
import { formatMapBody, formatSetBody } from "./format-set.ts";
import { formatName } from "./name.ts";
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

/**
 * The whole table as `nft -n list table` prints it and `nft -f` reads it, sets and maps first. Every chain is named
 * before the maps whose elements jump to it: nft resolves names in the order of the file.
 */
export function formatTable(table: Table): string {
  const blocks: string[] = [];
  for (const set of table.sets.values())
    blocks.push(
      `\tset ${formatName(set.name)} {\n\t\t${formatSetBody(set).replaceAll("; ", "\n\t\t").slice(0, -1)}\n\t}\n`,
    );
  for (const map of table.maps.values())
    blocks.push(
      `\tmap ${formatName(map.name)} {\n\t\t${formatMapBody(map).replaceAll("; ", "\n\t\t").slice(0, -1)}\n\t}\n`,
    );
  for (const chain of table.chains.values()) blocks.push(formatChain(chain));
  return `table ${formatTableRef(table)} {\n${blocks.join("\n")}}\n`;
}
