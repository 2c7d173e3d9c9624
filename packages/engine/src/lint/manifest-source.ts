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
  readonly #files = new Map<string, FileSource>();

  constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts;
  }

  text(file: string): string | undefined {
    return this.#texts.get(file);
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
  readonly #documents = new Map<number, readonly SourceDocument[]>();
  /** Of objects that were asked for, by where they begin. */
  readonly #objects = new Map<number, ObjectSource | undefined>();

  constructor(name: string, text: string) {
    this.lines = new LineIndex(name, text);
    this.#text = text;
    this.#slices = splitDocuments(text);
  }

  locate(offset: number, path: Path, part: "value" | "key"): SourceRange | undefined {
    if (!this.#objects.has(offset)) this.#objects.set(offset, this.#find(offset));
    const object = this.#objects.get(offset);
    return object && this.lines.range(object.document.locate([...object.base, ...path], part));
  }

  #find(offset: number): ObjectSource | undefined {
    for (const document of this.#documentsAt(offset)) {
      const base = baseOf(document, document.value, [], offset);
      if (base !== undefined) return { document, base };
    }
    return undefined;
  }

  #documentsAt(offset: number): readonly SourceDocument[] {
    const slice = this.#slices.find(({ start, end }) => start <= offset && offset < end);
    if (slice === undefined) return [];
    let documents = this.#documents.get(slice.start);
    if (documents === undefined) {
      documents = documentsOf(this.#text.slice(slice.start, slice.end), slice.start);
      this.#documents.set(slice.start, documents);
    }
    return documents;
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

function baseOf(document: SourceDocument, value: unknown, base: Path, offset: number): Path | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { kind, items } = value as { readonly kind?: unknown; readonly items?: unknown };
  if (typeof kind === "string" && kind.endsWith("List") && Array.isArray(items)) {
    for (const [index, item] of items.entries()) {
      const path = [...base, "items", index];
      const span = document.locate(path, "value");
      if (span.start <= offset && offset < span.end) return baseOf(document, item, path, offset);
    }
    return undefined;
  }
  return document.locate(base, "value").start === offset ? base : undefined;
}
