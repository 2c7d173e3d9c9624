import type { ManifestFile } from "@portcullis/engine";

/** The part of a browser's storage that is needed; it may be full, or forbidden. */
export interface Storage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Browsers give a page some 5 MB, and writing that much at each keystroke would be felt. UTF-16 code units. */
const mostCharacters = 2_000_000;

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

  /**
   * Undefined forgets it. False when it is not kept: there is too much of it, or the storage refuses; that costs the draft
   * at a reload, and nothing now.
   */
  write(origin: string, files: readonly ManifestFile[] | undefined): boolean {
    try {
      const tooMuch = files !== undefined && lengthOf(files) > mostCharacters;
      if (files === undefined || tooMuch) this.#storage.removeItem(keyOf(origin));
      else this.#storage.setItem(keyOf(origin), JSON.stringify(files));
      return !tooMuch;
    } catch {
      // Full, or forbidden.
      return false;
    }
  }
}

function lengthOf(files: readonly ManifestFile[]): number {
  return files.reduce((sum, { text }) => sum + text.length, 0);
}

function keyOf(origin: string): string {
  return `portcullis draft of ${origin}`;
}

function isFile(value: unknown): value is ManifestFile {
  const { file, text } = (value ?? {}) as Partial<ManifestFile>;
  return typeof file === "string" && typeof text === "string";
}
