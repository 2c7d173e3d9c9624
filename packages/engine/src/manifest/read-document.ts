import { groupBy } from "../group-by.ts";
import type { Diagnostic, Severity } from "../model/diagnostic.ts";
import type { ClusterObject } from "../model/objects.ts";
import type { SourceRange } from "../model/source.ts";
import { decode, isObject } from "./decode.ts";
import { type FieldError, fieldError, fieldPath, type Path, type Segment } from "./field-error.ts";
import { type Identified, identify, type KindDefinition } from "./kinds.ts";
import type { LineIndex } from "./line-index.ts";
import { checkMode } from "./policy-mode.ts";
import type { RawMetadata } from "./schema-metadata.ts";
import type { SourceDocument } from "./source-document.ts";

/** An object and what kubectl would call it: a Deployment, though the engine keeps it as a pod. */
export interface ReadObject {
  readonly kind: string;
  readonly object: ClusterObject;
  /** The object as plain data, as it was written. */
  readonly value: () => unknown;
  readonly diagnostic: (fields: Pick<Diagnostic, "code" | "severity" | "message">) => Diagnostic;
}

/** Something that was written and does not count, and where. */
export interface LeftOut {
  /** `v1 ConfigMap`, or the kind that an object with an error has; "" where it could not be told. */
  readonly kind: string;
  /** `ConfigMap default/settings`; "" where it could not be told. */
  readonly object: string;
  readonly range: SourceRange;
  /** The first thing that is wrong with it. */
  readonly message?: string;
}

/** Where the findings of one file are gathered. */
export interface Findings {
  readonly objects: ReadObject[];
  readonly diagnostics: Diagnostic[];
  readonly others: unknown[];
  readonly skipped: Map<string, number>;
  /** The objects that `skipped` counts. */
  readonly passedOver: LeftOut[];
  /** Objects with an error, and documents that could not be read. */
  readonly refused: LeftOut[];
}

/** Reads the objects of one document: one, or those of a `List` or a list kind such as `PodList`. */
export function readDocument(
  document: SourceDocument,
  text: string,
  lines: LineIndex,
  findings: Findings,
): void {
  new DocumentReader(document, text, lines, findings).read(document.value, [], document.duplicates);
}

class DocumentReader {
  readonly #document: SourceDocument;
  readonly #text: string;
  readonly #lines: LineIndex;
  readonly #findings: Findings;

  constructor(document: SourceDocument, text: string, lines: LineIndex, findings: Findings) {
    this.#document = document;
    this.#text = text;
    this.#lines = lines;
    this.#findings = findings;
  }

  read(value: unknown, base: Path, duplicates: readonly Path[]): void {
    const items = listItems(value);
    if (items !== undefined) {
      const inner = byItem(duplicates, base.length);
      for (const [index, item] of items.entries()) {
        const path = [...base, "items", index];
        this.read(withListKind(item, value as ListObject), path, inner.get(index) ?? []);
      }
      for (const path of inner.get(-1) ?? []) this.#report(duplicateField(path.slice(base.length)), base);
      return;
    }
    const identified = identify(value);
    if ("skipped" in identified) {
      const { others, skipped, passedOver } = this.#findings;
      others.push(value);
      passedOver.push(this.#leftOut(identified.skipped, base, describe(identified, value)));
      skipped.set(identified.skipped, (skipped.get(identified.skipped) ?? 0) + 1);
    } else if ("error" in identified) {
      const object = describe(identified, value);
      const { message } = identified.error;
      this.#findings.refused.push({ ...this.#leftOut("", base, object), message });
      this.#report(identified.error, base, object);
    } else {
      this.#readObject(identified.definition, value, base, duplicates);
    }
  }

  #readObject(definition: KindDefinition, value: unknown, base: Path, duplicates: readonly Path[]): void {
    const decoded = decode(definition.schema, value);
    const wrong = decoded.errors.some(({ code }) => code === "wrong-type");
    const errors = [
      ...duplicates.map((path) => duplicateField(path.slice(base.length))),
      ...decoded.errors,
      ...(wrong ? [] : definition.validate(decoded.value)),
    ];
    const object = describe({ definition }, value);
    for (const error of errors) this.#report(error, base, object);
    const [first] = errors;
    if (first !== undefined) {
      const { message } = first;
      this.#findings.refused.push({ ...this.#leftOut(definition.kind, base, object), message });
      return;
    }

    const { metadata } = decoded.value as { metadata?: RawMetadata };
    const mode = definition.kind === "NetworkPolicy" ? checkMode(metadata) : undefined;
    if (mode !== undefined) this.#report(mode, base, object, "warning");
    const name = metadata?.name || this.#generateName(metadata?.generateName ?? "", base);
    const locate = locator(this.#lines, this.#document.locate, base);
    this.#findings.objects.push({
      kind: definition.kind,
      object: definition.convert(decoded.value, { locate, name }),
      value: (base.length === 0 ? this.#document.again : undefined) ?? keep(value),
      diagnostic: (fields) => ({ ...fields, path: "", ...object, range: locate([]) }),
    });
  }

  #leftOut(kind: string, base: Path, { object = "" }: { readonly object?: string }): LeftOut {
    return { kind, object, range: this.#lines.range(this.#document.locate(base, "value")) };
  }

  /** Five characters that depend on the place only, so that the same files give the same names. */
  #generateName(prefix: string, base: Path): string {
    const { file, start } = this.#lines.range(this.#document.locate(base, "value"));
    let hash = 0x811c9dc5;
    for (const character of `${file}:${start.offset}`) {
      hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
    }
    return prefix.slice(0, 58) + hash.toString(36).padStart(5, "0").slice(-5);
  }

  #report(
    error: FieldError,
    base: Path,
    object: { readonly object?: string } = {},
    severity: Severity = "error",
  ): void {
    const place = this.#document.locate([...base, ...error.segments], error.atKey === true ? "key" : "value");
    this.#findings.diagnostics.push({
      code: error.code,
      severity,
      message: error.message + this.#quotingHint(error, this.#text.slice(place.start, place.end)),
      path: error.path,
      ...object,
      range: this.#lines.range(place),
    });
  }

  /** Most values of a wrong type in YAML were meant as text, and need quotes to be it. */
  #quotingHint({ wantsString = false, message }: FieldError, source: string): string {
    if (!wantsString || this.#document.syntax !== "yaml" || !/^[-+.\w]+$/.test(source)) return "";
    const type = message.includes("unmarshal bool") ? "a boolean" : "a number";
    return `: YAML 1.1 reads ${source} as ${type}; write "${source}" to mean the text`;
  }
}

// Functions outlive the reading of a file, and with them all that is in their scope: these two hold no more than they need.

function locator(
  lines: LineIndex,
  locate: SourceDocument["locate"],
  base: Path,
): (path: Path) => SourceRange {
  return (path) => lines.range(locate([...base, ...path], "value"));
}

function keep(value: unknown): () => unknown {
  return () => value;
}

interface ListObject {
  readonly apiVersion?: unknown;
  readonly kind: string;
  readonly items?: unknown;
}

function listItems(value: unknown): readonly unknown[] | undefined {
  if (!isObject(value) || typeof value.kind !== "string" || !value.kind.endsWith("List")) return undefined;
  if (Array.isArray(value.items)) return value.items;
  return value.kind === "List" ? [] : undefined;
}

/** The items of a list that an API server gives have no kind of their own. */
function withListKind(item: unknown, list: ListObject): unknown {
  if (!isObject(item) || list.kind === "List") return item;
  return { apiVersion: list.apiVersion, kind: list.kind.slice(0, -"List".length), ...item };
}

/** Duplicates by the item that they are in; -1 for those of the list itself. */
function byItem(duplicates: readonly Path[], depth: number): ReadonlyMap<number, readonly Path[]> {
  return groupBy(duplicates, (path) => {
    const index = path[depth + 1];
    return path[depth] === "items" && typeof index === "number" ? index : -1;
  });
}

function duplicateField(path: readonly Segment[]): FieldError {
  return fieldError("duplicate-field", path, `duplicate field "${fieldPath(path)}"`, { atKey: true });
}

/** `NetworkPolicy default/web`, as far as it can be told. */
function describe(identified: Identified, value: unknown): { readonly object?: string } {
  if (!isObject(value) || typeof value.kind !== "string") return {};
  const metadata = isObject(value.metadata) ? value.metadata : {};
  const name = typeof metadata.name === "string" ? metadata.name : "";
  if (name === "") return { object: value.kind };
  const namespaced = "definition" in identified ? identified.definition.namespaced : true;
  const namespace = typeof metadata.namespace === "string" ? metadata.namespace : "default";
  return { object: namespaced ? `${value.kind} ${namespace}/${name}` : `${value.kind} ${name}` };
}
