import { parseTable } from "./parse-table.ts";
import type { NftMap, NftSet } from "./set.ts";
import type { Chain, Table } from "./table.ts";

type Block = Chain | NftSet | NftMap;

/**
 * Reads the output of `nft -t list table`, or that part of a longer one, over and over. A chain or set whose text is what
 * it was at the last reading is not parsed again, and is the same object as then.
 */
export class TerseListing {
  /** By the text that they were read from. */
  #known: ReadonlyMap<string, Block> = new Map();

  /** @throws NftParseError for anything that this package could not have written. */
  read(text: string): Table {
    const lines = text.split("\n").map(withoutFigures);
    const [head = ""] = lines;
    const { family, name } = parseTable(`${head}\n}`);
    const known = new Map<string, Block>();
    const chains = new Map<string, Chain>();
    const sets = new Map<string, NftSet>();
    const maps = new Map<string, NftMap>();
    for (const block of blocksOf(lines)) {
      const object = this.#known.get(block) ?? parseBlock(head, block);
      known.set(block, object);
      if ("rules" in object) chains.set(object.name, object);
      else if ("value" in object) maps.set(object.name, object);
      else sets.set(object.name, object);
    }
    this.#known = known;
    return { family, name, chains, sets, maps };
  }
}

function withoutFigures(line: string): string {
  return line.includes("counter packets")
    ? line.replaceAll(/\bcounter packets [0-9]+ bytes [0-9]+/g, "counter")
    : line;
}

/** What is indented once begins and ends an object. */
function* blocksOf(lines: readonly string[]): Iterable<string> {
  let from: number | undefined;
  for (const [i, line] of lines.entries()) {
    if (from === undefined && /^\t\S/.test(line)) from = i;
    if (from === undefined || line !== "\t}") continue;
    yield lines.slice(from, i + 1).join("\n");
    from = undefined;
  }
}

function parseBlock(head: string, block: string): Block {
  const { chains, sets, maps } = parseTable(`${head}\n${block}\n}`);
  const [object] = [...chains.values(), ...sets.values(), ...maps.values()];
  if (object === undefined) throw new Error(`no object in ${JSON.stringify(block)}`);
  return object;
}
