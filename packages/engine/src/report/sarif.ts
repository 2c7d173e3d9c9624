import type { Severity } from "../model/diagnostic.ts";
import type { SourceRange } from "../model/source.ts";

/** What a run found, for `sarif`. */
export interface SarifRun {
  readonly tool: string;
  readonly version: string;
  /** Every rule that was run, whether it found something or not. */
  readonly rules: readonly SarifRule[];
  readonly results: readonly SarifResult[];
}

export interface SarifRule {
  /** Stable; the fingerprints of results depend on it. */
  readonly id: string;
  readonly title: string;
  /** Why it matters and what to do. */
  readonly help: string;
  readonly severity: Severity;
}

export interface SarifResult {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** `NetworkPolicy default/web`, and a part of it, where that is known. */
  readonly object?: string;
  readonly path?: string;
  readonly range?: SourceRange;
  readonly related?: readonly { readonly message: string; readonly range: SourceRange }[];
  readonly fix?: {
    readonly title: string;
    readonly edits: readonly {
      readonly file: string;
      readonly start: number;
      readonly end: number;
      readonly text: string;
    }[];
  };
}

/**
 * A run as a SARIF 2.1.0 log (OASIS Standard, 27 March 2020). Files are named as given, relative to the directory that
 * the command was run in. A fingerprint depends on rule, file, object and field path, not on lines: a result keeps it
 * while other parts of the file change.
 */
export function sarif(run: SarifRun): string {
  const index = new Map(run.rules.map(({ id }, place) => [id, place]));
  const occurrences = new Map<string, number>();
  const results = run.results.map((result) => {
    const place = index.get(result.rule);
    return {
      ruleId: result.rule,
      ...(place !== undefined && { ruleIndex: place }),
      level: levels[result.severity],
      message: { text: result.object === undefined ? result.message : `${result.object}: ${result.message}` },
      ...(result.range && { locations: [locationOf(result.range, result.object, result.path)] }),
      ...(result.related &&
        result.related.length > 0 && {
          relatedLocations: result.related.map(({ message, range }, id) => ({
            id: id + 1,
            ...locationOf(range),
            message: { text: message },
          })),
        }),
      partialFingerprints: { "portcullis/v1": fingerprint(result, occurrences) },
      ...(result.fix && { fixes: [fixOf(result.fix)] }),
    };
  });
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: run.tool, version: run.version, rules: run.rules.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const levels = { error: "error", warning: "warning", info: "note" } as const;

function ruleOf({ id, title, help, severity }: SarifRule) {
  return {
    id,
    name: id,
    shortDescription: { text: sentence(title) },
    fullDescription: { text: help },
    help: { text: help },
    defaultConfiguration: { level: levels[severity] },
  };
}

const sentence = (title: string): string => `${title.slice(0, 1).toUpperCase()}${title.slice(1)}.`;

function locationOf({ file, start, end }: SourceRange, object?: string, path?: string) {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      region: {
        startLine: start.line,
        startColumn: start.column,
        endLine: end.line,
        // Exclusive, as ours is; SARIF wants at least one line and column.
        endColumn: end.column,
        charOffset: start.offset,
        charLength: end.offset - start.offset,
      },
    },
    ...(object !== undefined && {
      logicalLocations: [{ fullyQualifiedName: path ? `${object} ${path}` : object, kind: "object" }],
    }),
  };
}

/** A relative reference (RFC 3986); backslashes of other systems are separators there. */
function uriOf(file: string): string {
  const path = file.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "");
  return path.split("/").map(encodeURIComponent).join("/");
}

/** 64 bits of FNV-1a, twice 32, as hexadecimal, and which of its equals it is. */
function fingerprint(
  { rule, range, object = "", path = "" }: SarifResult,
  occurrences: Map<string, number>,
): string {
  const text = [rule, range?.file ?? "", object, path].join("\n");
  const occurrence = (occurrences.get(text) ?? 0) + 1;
  occurrences.set(text, occurrence);
  const hash = [0x811c9dc5, 0x01000193].map((seed) => {
    let value = seed;
    for (const character of text) value = Math.imul(value ^ character.codePointAt(0)!, 0x01000193) >>> 0;
    return value.toString(16).padStart(8, "0");
  });
  return `${hash.join("")}:${occurrence}`;
}

function fixOf({ title, edits }: NonNullable<SarifResult["fix"]>) {
  const files = [...new Set(edits.map(({ file }) => file))];
  return {
    description: { text: title },
    artifactChanges: files.map((file) => ({
      artifactLocation: { uri: uriOf(file) },
      replacements: edits
        .filter((edit) => edit.file === file)
        .map(({ start, end, text }) => ({
          deletedRegion: { charOffset: start, charLength: end - start },
          insertedContent: { text },
        })),
    })),
  };
}
