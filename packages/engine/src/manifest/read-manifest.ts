import type { Diagnostic } from "../model/diagnostic.ts";
import type { ClusterObject } from "../model/objects.ts";
import { DocumentCache } from "./document-cache.ts";
import { readJsonDocuments } from "./json-document.ts";
import { LineIndex } from "./line-index.ts";
import { type Findings, type LeftOut, type ReadObject, readDocument } from "./read-document.ts";
import type { SourceResult } from "./source-document.ts";
import { splitDocuments } from "./split-documents.ts";
import { readYamlDocument } from "./yaml-document.ts";

/** What a manifest says. */
export interface Manifest {
  /** In the order of the text. An object is here only when it has no error. */
  readonly objects: readonly ClusterObject[];
  /** What kubectl calls each of `objects`: a Deployment, though the engine keeps it as a pod. */
  readonly kinds: readonly string[];
  /** The same objects as plain data, as kubectl would send them: one for each of `objects`, in their order; made when asked for. */
  readonly values: readonly unknown[];
  /** In the order of the files, and of places in each. */
  readonly diagnostics: readonly Diagnostic[];
  /** Objects of kinds that say nothing of network policies, as plain data that nothing was checked of. */
  readonly others: readonly unknown[];
  /** Those kinds, and how many objects of each: `{"v1 ConfigMap": 2}`. */
  readonly skipped: Readonly<Record<string, number>>;
  /** The objects that `skipped` counts, in the order of the text. */
  readonly passedOver: readonly LeftOut[];
  /** Objects with an error, and documents that could not be read: all that was written and is in no other list. */
  readonly refused: readonly LeftOut[];
  /** Objects that a later one of the same name replaces. */
  readonly replaced: number;
}

export interface ManifestFile {
  /** The name that diagnostics show. */
  readonly file: string;
  readonly text: string;
}

/** UTF-16 code units of one file. */
const maxLength = 32 * 1024 * 1024;

/** Problems of one file that are told; nobody reads more. */
const maxDiagnostics = 1000;

/** Reads the objects of one manifest, YAML or JSON, as kubectl does; see readManifests. */
export function readManifest(text: string, file: string): Manifest {
  return readManifests([{ file, text }]);
}

/**
 * Reads manifests, YAML or JSON, as kubectl does: YAML 1.1 by go-yaml's rules, documents cut at `---`, lists taken
 * apart. Never throws for what a text holds: every problem is a diagnostic with its place, and all else is kept. Of an
 * object that occurs twice the last one counts, as with `kubectl apply`, and a warning says so. `onFile` is called before
 * each file, with its index.
 */
export function readManifests(
  files: readonly ManifestFile[],
  onFile: (index: number) => void = () => {},
): Manifest {
  return merge(
    files.map(({ file, text }, index) => {
      onFile(index);
      return readFile(text, file, readSlice);
    }),
  );
}

/** Reads the same files again and again while they are edited: documents that did not change are not parsed anew. */
export class ManifestReader {
  #known = new Map<string, KnownFile>();

  /** As `readManifests`; objects of a file whose name and text are those of the call before are the same ones. */
  read(files: readonly ManifestFile[]): Manifest {
    const known = new Map<string, KnownFile>();
    const all = files.map(({ file, text }) => {
      const former = this.#known.get(file);
      const documents = former?.documents ?? new DocumentCache();
      const findings = former?.text === text ? former.findings : readAnew(text, file, documents);
      known.set(file, { text, findings, documents });
      return findings;
    });
    this.#known = known;
    return merge(all);
  }
}

interface KnownFile {
  readonly text: string;
  readonly findings: Findings;
  readonly documents: DocumentCache;
}

function readAnew(text: string, file: string, documents: DocumentCache): Findings {
  documents.begin();
  return readFile(text, file, (slice, offset) => documents.read(slice, offset, readSlice));
}

/** Of an object that occurs twice the last one counts. */
function merge(files: readonly Findings[]): Manifest {
  const diagnostics: Diagnostic[] = [];
  let replaced = 0;
  const skipped = new Map<string, number>();
  const kept = new Map<string, ReadObject>();
  for (const findings of files) {
    const own = [...findings.diagnostics];
    for (const one of findings.objects) {
      const key = identity(one);
      const earlier = kept.get(key);
      if (earlier !== undefined) {
        own.push(duplicateObject(one, earlier));
        replaced++;
      }
      // Deleted first, so that the order is that of the objects that count.
      kept.delete(key);
      kept.set(key, one);
    }
    own.sort((a, b) => (a.range?.start.offset ?? 0) - (b.range?.start.offset ?? 0));
    for (const diagnostic of atMost(maxDiagnostics, own)) diagnostics.push(diagnostic);
    for (const [kind, number] of findings.skipped) skipped.set(kind, (skipped.get(kind) ?? 0) + number);
  }
  const all = [...kept.values()];
  let values: readonly unknown[] | undefined;
  return {
    objects: all.map(({ object }) => object),
    kinds: all.map(({ kind }) => kind),
    get values() {
      values ??= all.map(({ value }) => value());
      return values;
    },
    diagnostics,
    others: files.flatMap(({ others }) => others),
    passedOver: files.flatMap(({ passedOver }) => passedOver),
    refused: files.flatMap(({ refused }) => refused),
    replaced,
    skipped: Object.fromEntries([...skipped].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function readFile(text: string, file: string, parse: typeof readSlice): Findings {
  const findings: Findings = {
    objects: [],
    diagnostics: [],
    others: [],
    skipped: new Map(),
    passedOver: [],
    refused: [],
  };
  const lines = new LineIndex(file, text);
  const report = ({ code, message, span }: NonNullable<SourceResult["problem"]>) => {
    const range = lines.range(span);
    findings.diagnostics.push({ code, severity: "error", message, path: "", range });
    findings.refused.push({ kind: "", object: "", range, message });
  };

  if (text.length > maxLength) {
    const message = `file of ${text.length} characters; at most ${maxLength} are read`;
    report({ code: "limit", message, span: { start: 0, end: 0 } });
    return findings;
  }
  for (const { start, end, badSeparator } of splitDocuments(text)) {
    for (const result of parse(text.slice(start, end), start)) {
      if (result.document === undefined) report(result.problem);
      else if (result.document.value !== null) readDocument(result.document, text, lines, findings);
    }
    if (badSeparator !== undefined) {
      report({ code: "syntax", message: "invalid Yaml document separator", span: badSeparator });
    }
  }
  return findings;
}

/** JSON is YAML, but an object that JSON takes is read much faster as such; what it refuses may still be YAML. */
function readSlice(text: string, offset: number): readonly SourceResult[] {
  const looksLikeJson = /^\s*(?:\{\s*["}]|\[)/.test(text);
  const json = looksLikeJson ? readJsonDocuments(text, offset) : [];
  if (looksLikeJson && json[0]?.problem?.code !== "syntax") return json;
  const yaml = readYamlDocument(text, offset);
  if (looksLikeJson && yaml?.document === undefined) return json;
  return yaml === undefined ? [] : [yaml];
}

function atMost(most: number, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const next = diagnostics[most];
  if (next === undefined) return diagnostics;
  const message = `${diagnostics.length - most} more problems in this file`;
  const rest: Diagnostic = {
    code: "limit",
    severity: "error",
    message,
    path: "",
    ...(next.range && { range: next.range }),
  };
  return [...diagnostics.slice(0, most), rest];
}

function identity({ kind, object }: ReadObject): string {
  return `${kind} ${"namespace" in object ? object.namespace : ""}/${object.name}`;
}

function duplicateObject(later: ReadObject, earlier: ReadObject): Diagnostic {
  const { range } = earlier.diagnostic({ code: "duplicate-object", severity: "warning", message: "" });
  const diagnostic = later.diagnostic({
    code: "duplicate-object",
    severity: "warning",
    message: "the same object occurs before; this one replaces it",
  });
  return { ...diagnostic, ...(range && { related: [{ message: "the earlier object", range }] }) };
}
