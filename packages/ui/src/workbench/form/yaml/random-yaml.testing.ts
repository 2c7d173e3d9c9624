import fc from "fast-check";
import type { Plain } from "./field-edit.ts";

/** One value, written in a manner that somebody might have: block and flow, quotes, comments, indentation. */
export interface WrittenValue {
  readonly value: Plain;
  readonly text: string;
}

const words = [
  "a",
  "app",
  "x-y",
  "yes",
  "80",
  "",
  "k8s.io/name",
  "it's",
  'say "hi"',
  "# no",
  "10.0.0.0/8",
  "::/0",
];
const keys = ["a", "b", "app", "from", "spec", "ports", "kubernetes.io/metadata.name"];

const { plain } = fc.letrec<{ plain: Plain }>((tie) => ({
  plain: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.oneof(fc.constantFrom(...words), fc.integer({ min: 0, max: 9 }), fc.constant(null)),
    fc.array(tie("plain"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie("plain"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

/** A document is a map with something in it. */
const documents = fc.dictionary(fc.constantFrom(...keys), plain, {
  minKeys: 1,
  maxKeys: 4,
  noNullPrototype: true,
}) as fc.Arbitrary<{ readonly [key: string]: Plain }>;

export const writtenDocument: fc.Arbitrary<WrittenValue> = fc
  .tuple(documents, fc.nat(), fc.constantFrom(0, 2), fc.constantFrom(2, 4), fc.constantFrom("\n", "\r\n"))
  .map(([value, seed, dash, step, lineEnd]) => {
    const writer = new Writer(seed, dash, step);
    const lines = writer.block(value);
    return { value, text: ["", ...lines, ""].join("\n").replaceAll("\n", lineEnd) };
  });

/** A line of its own in brackets that are written over several lines: further in than any key. */
const farIn = `\n${" ".repeat(60)}`;

class Writer {
  #dice: number;
  readonly #dash: number;
  readonly #step: number;
  #comments = 0;

  constructor(seed: number, dash: number, step: number) {
    this.#dice = seed;
    this.#dash = dash;
    this.#step = step;
  }

  block(value: Plain): string[] {
    if (Array.isArray(value)) {
      return value.flatMap((each: Plain) => [...this.#above(), ...this.#led("-", each, 2)]);
    }
    return Object.entries(value as object).flatMap(([key, each]) => [
      ...this.#above(),
      ...this.#led(`${this.#scalar(key)}:`, each as Plain, Array.isArray(each) ? this.#dash : this.#step),
    ]);
  }

  /** A value behind its key or dash. */
  #led(lead: string, value: Plain, deeper: number): string[] {
    const isBlock = isCollection(value) && sizeOf(value) > 0 && !this.#happens(35);
    if (!isBlock) {
      const text = value === null && this.#happens(50) ? "" : this.#flow(value);
      return [`${lead}${text === "" ? "" : ` ${text}`}${this.#behind()}`];
    }
    const lines = this.block(value).map((line) => " ".repeat(deeper) + line);
    // A dash and what follows it mostly share a line; a comment above what follows needs one of its own.
    const shares = lead === "-" && !/^\s*#/.test(lines[0]!) && !this.#happens(10);
    return shares ? [`- ${lines[0]!.slice(2)}`, ...lines.slice(1)] : [lead + this.#behind(), ...lines];
  }

  #flow(value: Plain): string {
    const pad = this.#happens(30) ? " " : "";
    const trailing = this.#happens(10) ? "," : "";
    const isLong = this.#happens(25);
    const join = (parts: readonly string[]) => {
      if (parts.length === 0) return "";
      if (!isLong) return `${pad}${parts.join(", ")}${trailing}${pad}`;
      const last = parts.length - 1;
      const ended = parts.map((part, at) => `${part}${at < last ? "," : trailing}${this.#behind()}`);
      return `${ended.map((part) => farIn + part).join("")}${farIn}`;
    };
    if (Array.isArray(value)) return `[${join(value.map((each) => this.#flow(each)))}]`;
    if (isCollection(value)) {
      const pairs = Object.entries(value).map(([key, each]) => `${this.#scalar(key)}: ${this.#flow(each)}`);
      return `{${join(pairs)}}`;
    }
    return value === null ? "null" : typeof value === "string" ? this.#scalar(value) : String(value);
  }

  #scalar(text: string): string {
    if (/^[a-z](?:[-\w./]*\w)?$/.test(text) && text !== "yes" && this.#happens(70)) return text;
    return this.#happens(50) ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`;
  }

  #above(): string[] {
    if (this.#happens(8)) return [""];
    return this.#happens(12) ? [`# above ${this.#comments++}`] : [];
  }

  #behind(): string {
    return this.#happens(15) ? ` # behind ${this.#comments++}` : "";
  }

  #happens(percent: number): boolean {
    this.#dice = (Math.imul(this.#dice, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#dice / 2 ** 32 < percent / 100;
  }
}

function isCollection(value: Plain): value is readonly Plain[] | { readonly [key: string]: Plain } {
  return typeof value === "object" && value !== null;
}

function sizeOf(value: object): number {
  return Object.keys(value).length;
}
