import type { SourceRange } from "../model/source.ts";
import type { Path } from "./field-error.ts";
import type { RawMetadata } from "./schema-metadata.ts";

/** Finds the place of a part of an object; absent for objects that did not come from a file. */
export type Locate = (path: Path) => SourceRange | undefined;

/** What a conversion needs beside the decoded object. */
export interface ConvertContext {
  readonly locate: Locate;
  /** The object's name; made up where the manifest has only generateName. */
  readonly name: string;
}

export function rangeAt(locate: Locate, path: Path): { readonly range?: SourceRange } {
  const range = locate(path);
  return range === undefined ? {} : { range };
}

/** kubectl's namespace when neither manifest nor flag says one. */
export function namespaceOf(metadata: RawMetadata | undefined): string {
  return metadata?.namespace || "default";
}
