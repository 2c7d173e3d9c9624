import type { Reading, ToldFlow, ToldFlows } from "@portcullis/dataplane";
import { type FileForm, headerFields, headerLine, sumOf } from "./file-header.ts";
import { StateError } from "./state-error.ts";

const form: FileForm = { magic: "portcullis-told", version: 1 };

/** Whose a journal is. */
export interface JournalOwner {
  readonly nodeName: string;
  /** Of the kernel's life (random(4)): the next counts anew. */
  readonly bootId: string;
}

/** When the kernel was read: by the clock of the readings, and in milliseconds since the epoch. */
export interface ReadAt {
  readonly atMs: number;
  readonly wallMs: number;
}

/** What a line tells: flows that have been told, flows that the kernel has forgotten, or that this was all of a reading. */
type Entry =
  | { readonly told: readonly (readonly [key: string, packets: number, expiresAtMs: number | null])[] }
  | { readonly gone: readonly string[] }
  | { readonly at: readonly [atMs: number, wallMs: number] };

/** Flows in a line. */
const mostInLine = 500;

export const journalHeader = ({ nodeName, bootId }: JournalOwner): string =>
  headerLine(form, { nodeName, bootId });

/** @throws StateError */
export const readJournalHeader = (line: string): JournalOwner => headerFields(form, line) as JournalOwner;

/** What a reading changed, or with `all` what it found. Its end is its last line. */
export function* journalLines(
  { news, told, gone }: Reading,
  { atMs, wallMs }: ReadAt,
  all: boolean,
): Iterable<string> {
  for (const part of inParts([...(all ? told : news)])) yield lineOf({ told: part.map(flowEntry) });
  if (!all) for (const part of inParts(gone)) yield lineOf({ gone: part });
  yield lineOf({ at: [atMs, wallMs] });
}

/** Takes the lines of a journal after its header, in turn. */
export class JournalReader {
  readonly #flows = new Map<string, ToldFlow>();
  #readAt: ReadAt | undefined;

  /** Without its line break. @throws StateError when it is not what was written. */
  take(line: string): void {
    const [sum, ...rest] = line.split(" ");
    const text = rest.join(" ");
    if (sum !== sumOf(text)) throw new StateError("Corrupted", "one of its lines is not what was written");
    const entry = JSON.parse(text) as Entry;
    if ("at" in entry) this.#readAt = { atMs: entry.at[0], wallMs: entry.at[1] };
    else if ("gone" in entry) for (const key of entry.gone) this.#flows.delete(key);
    else
      for (const [key, packets, expiresAtMs] of entry.told)
        this.#flows.set(key, { packets, expiresAtMs: expiresAtMs ?? Number.POSITIVE_INFINITY });
  }

  get flows(): ToldFlows {
    return this.#flows;
  }

  /** Undefined as long as no reading has ended. */
  get readAt(): ReadAt | undefined {
    return this.#readAt;
  }
}

/** JSON has no infinity: null is a flow that is never forgotten. */
function flowEntry([key, { packets, expiresAtMs }]: readonly [string, ToldFlow]) {
  return [key, packets, Number.isFinite(expiresAtMs) ? Math.round(expiresAtMs) : null] as const;
}

function lineOf(entry: Entry): string {
  const text = JSON.stringify(entry);
  return `${sumOf(text)} ${text}\n`;
}

function* inParts<T>(items: readonly T[]): Iterable<readonly T[]> {
  for (let at = 0; at < items.length; at += mostInLine) yield items.slice(at, at + mostInLine);
}
