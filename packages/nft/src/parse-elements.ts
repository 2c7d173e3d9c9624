import { canonicalValue, type FieldType } from "./field.ts";
import { parseDuration } from "./parse-duration.ts";
import { parseVerdict } from "./parse-verdict.ts";
import type { Reader } from "./reader.ts";
import type { Counter, Element, ElementTypes, MapElement } from "./set.ts";

/** Reads `VALUE [. VALUE…]` into canonical texts. */
export function parseTuple(reader: Reader, types: readonly FieldType[]): string[] {
  return types.map((type, i) => {
    if (i > 0) reader.expect(".");
    const text = reader.word(`a value of type ${type}`);
    return canonicalValue(type, text) ?? reader.fail(`${JSON.stringify(text)} is no value of type ${type}`);
  });
}

/** Reads `packets N bytes N`, after the word `counter`. */
export function parseCounter(reader: Reader): Counter {
  reader.expect("packets");
  const packets = reader.number("a number of packets");
  reader.expect("bytes");
  return { packets, bytes: reader.number("a number of bytes") };
}

function parseElement(reader: Reader, types: ElementTypes): Element | MapElement {
  const key = parseTuple(reader, types.key);
  let counter: Counter | undefined;
  let expires: number | undefined;
  for (;;) {
    if (reader.accept("counter")) counter = parseCounter(reader);
    else if (reader.accept("expires")) expires = parseDuration(reader.word("a duration"));
    else if (reader.accept("timeout")) reader.word("a duration");
    else break;
  }
  const element = { key, ...(counter && { counter }), ...(expires !== undefined && { expires }) };
  if (!types.value) return element;
  reader.expect(":");
  if (types.value !== "verdict") return { ...element, value: parseTuple(reader, types.value) };
  return { ...element, value: parseVerdict(reader) ?? reader.fail("expected a verdict") };
}

/** Reads `{ ELEMENT, … }`, over as many lines as it takes. */
export function parseElements(reader: Reader, types: ElementTypes): Map<string, Element | MapElement> {
  const elements = new Map<string, Element | MapElement>();
  reader.expect("{");
  reader.skipLineBreaks();
  while (!reader.accept("}")) {
    const element = parseElement(reader, types);
    elements.set(element.key.join(" . "), element);
    reader.skipLineBreaks();
    if (reader.accept(",")) reader.skipLineBreaks();
    else if (reader.peek() !== "}") reader.fail("expected a comma or the end of the elements");
  }
  return elements;
}
