import type { ManifestFile } from "@portcullis/engine";

/** Something to look at that came from outside of the page. */
export interface Arrival {
  readonly kind: "files" | "link";
  readonly base: readonly ManifestFile[];
  /** What is made of it; the same for files. */
  readonly draft: readonly ManifestFile[];
  /** For people, as ServedWorld.origin. */
  readonly origin: string;
  /** A sentence for each thing that could not be opened. */
  readonly refused: readonly string[];
}
