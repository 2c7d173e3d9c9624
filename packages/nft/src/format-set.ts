import { formatValue } from "./field.ts";
import { formatVerdict } from "./format-statement.ts";
import type { Datatype, Element, ElementTypes, MapElement, NftMap, NftSet } from "./set.ts";

function formatTuple(types: readonly Datatype[], values: readonly string[]): string {
  if (types.length !== values.length)
    throw new Error(`${values.join(" . ")} is no value of type ${types.join(" . ")}`);
  return values.map((text, i) => formatValue(types[i] as Datatype, text)).join(" . ");
}

/** The key of an element as nft reads it. */
export function formatKey(types: ElementTypes, element: Element): string {
  return formatTuple(types.key, element.key);
}

function formatMapValue(types: ElementTypes, value: MapElement["value"]): string {
  if (!("kind" in value)) return formatTuple(types.value === "verdict" ? [] : (types.value ?? []), value);
  if (types.value !== "verdict") throw new Error("a verdict in a map of values");
  return formatVerdict(value);
}

/** An element with its counter and value. */
function formatElement(types: ElementTypes, element: Element | MapElement): string {
  const { counter } = element;
  const key = formatKey(types, element);
  const counted = counter ? `${key} counter packets ${counter.packets} bytes ${counter.bytes}` : key;
  if (!types.value) return counted;
  if (!("value" in element)) throw new Error(`no value for key ${key} of a map`);
  return `${counted} : ${formatMapValue(types, element.value)}`;
}

/** Properties of a set, each closed with `;`. */
export function formatSetProperties(set: NftSet): string[] {
  const flags = [
    ...(set.interval ? ["interval"] : []),
    ...(set.dynamic ? ["dynamic"] : []),
    ...(set.timeout === undefined ? [] : ["timeout"]),
  ];
  const parts = [`type ${set.key.join(" . ")};`];
  if (set.size !== undefined) parts.push(`size ${set.size};`);
  if (flags.length > 0) parts.push(`flags ${flags.join(",")};`);
  if (set.timeout !== undefined) parts.push(`timeout ${set.timeout}s;`);
  return parts;
}

/** Properties of a map, each closed with `;`. */
export function formatMapProperties(map: NftMap): string[] {
  const value = map.value === "verdict" ? map.value : map.value.join(" . ");
  return [`type ${map.key.join(" . ")} : ${value};`];
}

/** `{ ELEMENT, … }` */
export function formatElements(types: ElementTypes, elements: Iterable<Element | MapElement>): string {
  return `{ ${Array.from(elements, (element) => formatElement(types, element)).join(", ")} }`;
}
