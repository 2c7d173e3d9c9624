import type { Path, Segment } from "./field-error.ts";
import { maxJsonDepth, readPlainJson } from "./plain-json.ts";
import { Refusal } from "./refusal.ts";
import { type SourceDocument, type SourceResult, type Span, setOwn } from "./source-document.ts";

/** Where a value stands, and where its parts do. */
interface Place extends Span {
  readonly items?: readonly Place[];
  readonly fields?: ReadonlyMap<string, { readonly key: Span; readonly value: Place }>;
}

/**
 * Reads a stream of JSON values (RFC 8259) with nothing but white space between them, from a slice of a file that begins
 * at `offset`. It keeps what JSON.parse throws away: places, and keys that are written twice.
 */
export function readJsonDocuments(text: string, offset: number): SourceResult[] {
  const plain = readPlainJson(text, offset, () => new Scanner(text, offset).document());
  return plain === undefined ? readClosely(text, offset) : [{ document: plain }];
}

function readClosely(text: string, offset: number): SourceResult[] {
  const results: SourceResult[] = [];
  const scanner = new Scanner(text, offset);
  try {
    for (let more = scanner.atValue(); more; more = scanner.atValue())
      results.push({ document: scanner.document() });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    results.push({ problem: error.problem });
  }
  return results;
}

const literals = [
  ["true", true],
  ["false", false],
  ["null", null],
] as const;
const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;

class Scanner {
  readonly #text: string;
  readonly #offset: number;
  #at = 0;
  #duplicates: Segment[][] = [];
  #path: Segment[] = [];

  constructor(text: string, offset: number) {
    this.#text = text;
    this.#offset = offset;
  }

  /** Skips white space; false at the end of the text. */
  atValue(): boolean {
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return true;
    }
    return false;
  }

  document(): SourceDocument {
    this.#duplicates = [];
    this.#path = [];
    const { value, place } = this.#value();
    return {
      value,
      duplicates: this.#duplicates,
      syntax: "json",
      locate: (path, part) => locate(place, path, part),
    };
  }

  #value(): { value: unknown; place: Place } {
    if (!this.atValue()) throw this.#error("unexpected end of JSON input");
    const start = this.#at;
    switch (this.#text[start]) {
      case "{":
        return this.#object();
      case "[":
        return this.#array();
      case '"':
        return { value: this.#string(), place: this.#place(start) };
      default:
        return { value: this.#literal(), place: this.#place(start) };
    }
  }

  #object(): { value: unknown; place: Place } {
    const start = this.#at;
    const value: Record<string, unknown> = {};
    const fields = new Map<string, { key: Span; value: Place }>();
    this.#members("}", () => {
      if (!this.atValue() || this.#text[this.#at] !== '"')
        throw this.#error("object keys must be in double quotes");
      const keyStart = this.#at;
      const key = this.#string();
      const keyPlace = this.#place(keyStart);
      this.#path.push(key);
      if (fields.has(key)) this.#duplicates.push([...this.#path]);
      if (!this.atValue() || this.#text[this.#at] !== ":") throw this.#error("expected ':' after object key");
      this.#at++;
      const inner = this.#value();
      setOwn(value, key, inner.value);
      fields.set(key, { key: keyPlace, value: inner.place });
      this.#path.pop();
    });
    return { value, place: { ...this.#place(start), fields } };
  }

  #array(): { value: unknown; place: Place } {
    const start = this.#at;
    const value: unknown[] = [];
    const items: Place[] = [];
    this.#members("]", () => {
      this.#path.push(items.length);
      const inner = this.#value();
      value.push(inner.value);
      items.push(inner.place);
      this.#path.pop();
    });
    return { value, place: { ...this.#place(start), items } };
  }

  /** What stands between the brackets, separated by commas. */
  #members(close: string, member: () => void): void {
    if (this.#path.length >= maxJsonDepth) {
      throw this.#refusal("limit", "nested too deeply");
    }
    this.#at++;
    if (this.atValue() && this.#text[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      member();
      if (!this.atValue()) throw this.#error("unexpected end of JSON input");
      const next = this.#text[this.#at];
      if (next !== "," && next !== close) throw this.#error(`expected ',' or '${close}'`);
      this.#at++;
      if (next === close) return;
    }
  }

  #string(): string {
    const start = this.#at;
    let plain = true;
    for (let at = start + 1; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x5c) {
        plain = false;
        at++;
      } else if (code === 0x22) {
        this.#at = at + 1;
        if (plain) return this.#text.slice(start + 1, at);
        try {
          return JSON.parse(this.#text.slice(start, at + 1)) as string;
        } catch {
          this.#at = start;
          throw this.#error("invalid escape in string");
        }
      } else if (code < 0x20) {
        this.#at = at;
        throw this.#error("control character in string");
      }
    }
    throw this.#error("string is not closed");
  }

  #literal(): unknown {
    for (const [word, value] of literals) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    numberPattern.lastIndex = this.#at;
    const number = numberPattern.exec(this.#text);
    if (number === null) throw this.#error(`unexpected character '${this.#text[this.#at]}'`);
    if (!Number.isFinite(Number(number[0]))) throw this.#error("number out of range");
    this.#at += number[0].length;
    return Number(number[0]);
  }

  #place(start: number): Span {
    return { start: this.#offset + start, end: this.#offset + this.#at };
  }

  #error(message: string): Refusal {
    return this.#refusal("syntax", message);
  }

  #refusal(code: "syntax" | "limit", message: string): Refusal {
    const start = this.#offset + this.#at;
    return new Refusal(code, message, { start, end: start + 1 });
  }
}

function locate(root: Place, path: Path, part: "value" | "key"): Span {
  let place = root;
  let found: Span = root;
  for (const [index, segment] of path.entries()) {
    const item = typeof segment === "number" ? place.items?.[segment] : undefined;
    const field = place.fields?.get(String(segment));
    if (item !== undefined) {
      found = item;
      place = item;
    } else if (field !== undefined) {
      found = index === path.length - 1 && part === "value" ? field.value : field.key;
      place = field.value;
    } else {
      break;
    }
  }
  return { start: found.start, end: found.end };
}
