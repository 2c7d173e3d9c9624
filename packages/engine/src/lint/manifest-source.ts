import { isObject } from "../manifest/decode.ts";
import type { Path } from "../manifest/field-error.ts";
import { readJsonDocuments } from "../manifest/json-document.ts";
import { LineIndex } from "../manifest/line-index.ts";
import type { SourceDocument } from "../manifest/source-document.ts";
import { splitDocuments } from "../manifest/split-documents.ts";
import { readYamlDocument } from "../manifest/yaml-document.ts";
import type { SourceRange } from "../model/source.ts";

/**
 * Finds places in the texts that objects were read from, more finely than the objects remember them. A document is read
 * again only when a place in it is asked for, and once.
 */
export class ManifestSource {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #anchored = new Map<string, boolean>();
  readonly #files = new Map<string, FileSource>();

  constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts;
  }

  text(file: string): string | undefined {
    return this.#texts.get(file);
  }

  /**
   * The text of a file that fixes may edit. One with anchors may not: what stands at one place may count at others, and
   * taking away an anchor changes what its aliases mean.
   */
  editable(file: string): string | undefined {
    const text = this.#texts.get(file);
    if (text === undefined) return undefined;
    let hasAnchors = this.#anchored.get(file);
    if (hasAnchors === undefined) {
      hasAnchors = /(?:^|[\s[{,])&[^\s,[\]{}]/.test(text);
      this.#anchored.set(file, hasAnchors);
    }
    return hasAnchors ? undefined : text;
  }

  /** A part of the object that is written at `object`; undefined when its text is not known. */
  locate(object: SourceRange, path: Path, part: "value" | "key" = "value"): SourceRange | undefined {
    return this.#file(object.file)?.locate(object.start.offset, path, part);
  }

  /** A stretch of a file, by offsets. */
  range(file: string, start: number, end: number): SourceRange | undefined {
    return this.#file(file)?.lines.range({ start, end });
  }

  #file(name: string): FileSource | undefined {
    const text = this.#texts.get(name);
    if (text === undefined) return undefined;
    let file = this.#files.get(name);
    if (file === undefined) {
      file = new FileSource(name, text);
      this.#files.set(name, file);
    }
    return file;
  }
}

class FileSource {
  readonly lines: LineIndex;
  readonly #text: string;
  readonly #slices: readonly { readonly start: number; readonly end: number }[];
  /** Objects by where they begin, of the slices that have been read. */
  readonly #objects = new Map<number, ObjectSource>();
  readonly #read = new Set<object>();

  constructor(name: string, text: string) {
    this.lines = new LineIndex(name, text);
    this.#text = text;
    this.#slices = splitDocuments(text);
  }

  locate(offset: number, path: Path, part: "value" | "key"): SourceRange | undefined {
    this.#readSlice(offset);
    const object = this.#objects.get(offset);
    return object && this.lines.range(object.document.locate([...object.base, ...path], part));
  }

  #readSlice(offset: number): void {
    let [low, high] = [0, this.#slices.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#slices[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    const slice = this.#slices[low];
    if (slice === undefined || this.#read.has(slice)) return;
    this.#read.add(slice);
    for (const document of documentsOf(this.#text.slice(slice.start, slice.end), slice.start)) {
      for (const base of basesOf(document.value, []))
        this.#objects.set(document.locate(base, "value").start, { document, base });
    }
  }
}

interface ObjectSource {
  readonly document: SourceDocument;
  /** Where the object is in the document: `items[3]` of a list. */
  readonly base: Path;
}

function documentsOf(text: string, offset: number): readonly SourceDocument[] {
  const json = /^\s*[{[]/.test(text) ? readJsonDocuments(text, offset) : [];
  const results = json.some(({ document }) => document) ? json : [readYamlDocument(text, offset)];
  return results.flatMap((result) => result?.document ?? []);
}

/** The objects of a document: itself, or those of a list. */
function* basesOf(value: unknown, base: Path): Iterable<Path> {
  if (!isObject(value)) return;
  const { kind, items } = value;
  if (typeof kind !== "string" || !kind.endsWith("List") || !Array.isArray(items)) yield base;
  else for (const [index, item] of items.entries()) yield* basesOf(item, [...base, "items", index]);
}
