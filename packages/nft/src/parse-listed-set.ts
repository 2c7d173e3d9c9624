import { canonicalValue } from "./field.ts";
import { parseDuration } from "./parse-duration.ts";
import { parseTable } from "./parse-table.ts";
import type { Element, NftMap, NftSet } from "./set.ts";

/**
 * What `nft list set` or `nft list map` printed. The elements of sets are cut at their commas and not read word by word
 * as the rest is: a set may have tens of thousands, and is read again and again.
 * @throws NftParseError for anything that this package could not have written.
 */
export function parseListedSet(text: string): NftSet | NftMap | undefined {
  const parts = apart(text);
  if (parts !== undefined) {
    const [set] = parseTable(parts.definition).sets.values();
    const elements = set && elementsOf(set, parts.elements);
    if (elements !== undefined) return { ...set, elements } as NftSet;
  }
  const { sets, maps } = parseTable(text);
  return [...sets.values(), ...maps.values()][0];
}

const opening = "\t\telements = { ";
const closing = " }\n\t}\n}";

/** Undefined when there is nothing to take apart. */
function apart(text: string): { readonly definition: string; readonly elements: string } | undefined {
  const from = text.indexOf(opening);
  const to = text.lastIndexOf(closing);
  if (from < 0 || to < from) return undefined;
  return {
    definition: `${text.slice(0, from)}\t}\n}\n`,
    elements: text.slice(from + opening.length, to),
  };
}

/** Undefined when one of them is not as we write them. */
function elementsOf({ key }: NftSet, text: string): ReadonlyMap<string, Element> | undefined {
  const elements = new Map<string, Element>();
  for (const item of text.split(",")) {
    const element = elementOf(key, item.trim());
    if (element === undefined) return undefined;
    elements.set(element.key.join(" . "), element);
  }
  return elements;
}

const figures = /^(?: timeout \S+)?(?: counter packets ([0-9]+) bytes ([0-9]+))?(?: expires (\S+))?$/;

function elementOf(types: NftSet["key"], text: string): Element | undefined {
  // Nothing in a key has a letter after a blank, for protocols stand as numbers.
  const end = text.search(/ [a-z]/);
  const rest = end < 0 ? "" : text.slice(end);
  const [, packets, bytes, expires] = figures.exec(rest) ?? [];
  if (rest !== "" && packets === undefined && expires === undefined) return undefined;
  const texts = text.slice(0, text.length - rest.length).split(" . ");
  if (texts.length !== types.length) return undefined;
  const key: string[] = [];
  for (const [i, type] of types.entries()) {
    const value = canonicalValue(type, texts[i] ?? "");
    if (value === undefined || type === "ifname") return undefined;
    key.push(value);
  }
  const left = expires === undefined ? undefined : parseDuration(expires);
  return {
    key,
    ...(packets !== undefined && { counter: { packets: Number(packets), bytes: Number(bytes) } }),
    ...(left !== undefined && { expires: left }),
  };
}
