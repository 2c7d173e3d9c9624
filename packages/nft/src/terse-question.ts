import { formatTableRef } from "./format-table.ts";
import type { TableRef } from "./table.ts";

/** Listing the table, or all tables of its family. */
export type TerseWay = "table" | "ruleset";

/** Longer than this, in milliseconds, is reason to try the other way. */
const slowMs = 100;
/** Both being slow, what there is may have changed: once in so many calls the slower one is tried again. */
const tryEvery = 50;

/**
 * How to ask nft for a table without elements. For `-t list table` nft 1.0.6 fetches them all and then leaves them out:
 * 1.3 s for 740,000. For `-t list ruleset` it fetches none, but everybody's rules: 0.4 s for 40,000. The latter is
 * asked, unless it is slow and the former quicker.
 */
export class TerseQuestion {
  readonly #tookMs: Record<TerseWay, number> = { table: 0, ruleset: 0 };
  #calls = 0;

  /** The way to take now. */
  next(): TerseWay {
    const { table, ruleset } = this.#tookMs;
    if (ruleset <= slowMs) return "ruleset";
    this.#calls += 1;
    const isTableQuicker = table < ruleset;
    return isTableQuicker === (this.#calls % tryEvery !== 0) ? "table" : "ruleset";
  }

  /** How long it took, in milliseconds; Infinity for one that failed. */
  took(way: TerseWay, milliseconds: number): void {
    this.#tookMs[way] = milliseconds;
  }
}

/** What nft is to list, as it wants it in its arguments. */
export function whatToList(way: TerseWay, table: TableRef): readonly string[] {
  return way === "table"
    ? ["list", "table", ...formatTableRef(table).split(" ")]
    : ["list", "ruleset", table.family];
}

/** The text of one table in a listing of many; undefined when it is not among them. */
export function tableIn(listing: string, table: TableRef): string | undefined {
  const text = `\n${listing}`;
  const from = text.indexOf(`\ntable ${formatTableRef(table)} {`);
  const to = text.indexOf("\n}", from);
  return from < 0 || to < 0 ? undefined : text.slice(from + 1, to + 3);
}
