import type { ManifestFile } from "@portcullis/engine";

/** The part of a browser's storage that is needed; it may be full, or forbidden. */
export interface Storage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** A draft that survives a reload, by where its files are from. */
export class KeptDraft {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Undefined when there is none, or none that can be read. */
  read(origin: string): readonly ManifestFile[] | undefined {
    try {
      const files: unknown = JSON.parse(this.#storage.getItem(keyOf(origin)) ?? "null");
      return Array.isArray(files) && files.every(isFile) ? files : undefined;
    } catch {
      return undefined;
    }
  }

  /** Undefined forgets it. A storage that refuses costs the draft at a reload, and nothing now. */
  write(origin: string, files: readonly ManifestFile[] | undefined): void {
    try {
      if (files === undefined) this.#storage.removeItem(keyOf(origin));
      else this.#storage.setItem(keyOf(origin), JSON.stringify(files));
    } catch {
      // Full, or forbidden.
    }
  }
}

function keyOf(origin: string): string {
  return `portcullis draft of ${origin}`;
}

function isFile(value: unknown): value is ManifestFile {
  const { file, text } = (value ?? {}) as Partial<ManifestFile>;
  return typeof file === "string" && typeof text === "string";
}
