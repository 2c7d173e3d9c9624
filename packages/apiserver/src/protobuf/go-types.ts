import { readFileSync } from "node:fs";

/** How a message is encoded. */
export interface Message {
  /** It is a list in JSON, and its only field are the items (ExtraValue, Verbs). */
  readonly bare: boolean;
  readonly fields: ReadonlyMap<number, Field>;
}

export interface Field {
  /** In JSON. */
  readonly name: string;
  readonly shape: "single" | "list" | "map";
  /** string, bytes, bool, int32, int64, or the OpenAPI name of a message. */
  readonly type: string;
  /** The fields of the message stand among those of its parent. */
  readonly inline: boolean;
  /** Whether JSON has the field when it is zero. */
  readonly keepZero: boolean;
}

/** The same depth below `src` and below `dist`; scripts/generate-go-types.mjs says what is in it. */
const file = new URL("../../data/go-types.json", import.meta.url);

type Table = Readonly<Record<string, Readonly<Record<string, string>>>>;
let table: Table | undefined;
const messages = new Map<string, Message>();

/** The message of this OpenAPI name, if there is one. */
export function messageOf(name: string): Message | undefined {
  const known = messages.get(name);
  if (known !== undefined) return known;
  table ??= JSON.parse(readFileSync(file, "utf8")) as Table;
  const entry = Object.hasOwn(table, name) ? table[name] : undefined;
  if (entry === undefined) return undefined;
  const { ".": marks, ...fields } = entry;
  const numbered = Object.entries(fields).map(([field, text]) => readField(field, text, name));
  const message = { bare: marks === "bare", fields: new Map(numbered) };
  messages.set(name, message);
  return message;
}

function readField(name: string, text: string, message: string): [number, Field] {
  const [number, shaped = "", ...flags] = text.split(" ");
  const shape = shaped.startsWith("[]") ? "list" : shaped.startsWith("{}") ? "map" : "single";
  const type = shape === "single" ? shaped : shaped.slice(2);
  const isLocal = /^[A-Z]\w*$/.test(type);
  return [
    Number(number),
    {
      name,
      shape,
      type: isLocal ? message.replace(/[^.]+$/, type) : type,
      inline: flags.includes("inline"),
      keepZero: flags.includes("ptr") || flags.includes("keep"),
    },
  ];
}
