import { type ClusterObject, type Diagnostic, type LeftOut, readManifests } from "@portcullis/engine";
import type { KubeObject } from "@portcullis/kube";
import { asEnforced } from "./as-enforced.ts";
import type { InputFile } from "./read-files.ts";

/** Manifests as the engine understands them, and as an API server takes them. */
export interface LoadedManifests {
  readonly objects: readonly ClusterObject[];
  /** What kubectl calls each of them. */
  readonly kinds: readonly string[];
  /** The same objects as plain data, in the same order; made when asked for. */
  readonly raw: readonly KubeObject[];
  /** Objects of other kinds, as an API server takes them, unchecked: those that have a name. */
  readonly others: readonly KubeObject[];
  readonly diagnostics: readonly Diagnostic[];
  /** Kinds that were passed over, and how many of each. */
  readonly skipped: Readonly<Record<string, number>>;
  /** The objects that `skipped` counts. */
  readonly passedOver: readonly LeftOut[];
  /** Objects with an error, and documents that could not be read. */
  readonly refused: readonly LeftOut[];
  /** How many objects a later one of the same name replaced. */
  readonly replaced: number;
  /** Source by file name, for excerpts. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * `onFile` is called before each file, with its index. With `staged`, staged policies are read as if they were in force.
 */
export function loadManifests(
  files: readonly InputFile[],
  onFile?: (index: number) => void,
  staged = false,
): LoadedManifests {
  const manifest = readManifests(
    files.map(({ path, text }) => ({ file: path, text })),
    onFile,
  );
  return {
    objects: staged ? manifest.objects.map(asEnforced) : manifest.objects,
    kinds: manifest.kinds,
    // What the engine accepts has an apiVersion, a kind and a metadata.
    get raw() {
      return manifest.values as readonly KubeObject[];
    },
    others: manifest.others.filter(hasName),
    diagnostics: manifest.diagnostics,
    skipped: manifest.skipped,
    passedOver: manifest.passedOver,
    refused: manifest.refused,
    replaced: manifest.replaced,
    texts: new Map(files.map(({ path, text }) => [path, text])),
  };
}

function hasName(value: unknown): value is KubeObject {
  return typeof (value as Partial<KubeObject>).metadata?.name === "string";
}
