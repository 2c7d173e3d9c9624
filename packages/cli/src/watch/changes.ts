import { type FSWatcher, watch } from "node:fs";
import path from "node:path";

/** A save is often several events (truncate, write, rename): they count as one when they follow within this time. */
const settleMs = 80;

/**
 * Tells when something at the paths changed: a file, or anything in a directory (with `recursive` below it too). A file's
 * directory is what is watched, because editors replace a file by another one.
 */
export class Changes {
  readonly #watchers: FSWatcher[];
  #changed = false;
  #timer: NodeJS.Timeout | undefined;
  #wake: (() => void) | undefined;

  constructor(
    paths: readonly { readonly path: string; readonly isDirectory: boolean }[],
    recursive: boolean,
  ) {
    this.#watchers = paths.map(({ path: name, isDirectory }) => {
      if (isDirectory) return watch(name, { recursive }, () => this.#note());
      const base = path.basename(name);
      return watch(path.dirname(name), (_, changed) => {
        if (changed === null || changed === base) this.#note();
      });
    });
    // A directory that is removed is noticed by who reads it next.
    for (const watcher of this.#watchers) watcher.on("error", () => this.#note());
  }

  /** Resolves at the next change, or at once when there was one since the last call; false when `signal` aborts. */
  async next(signal: AbortSignal): Promise<boolean> {
    const onAbort = () => this.#wake?.();
    signal.addEventListener("abort", onAbort);
    try {
      while (!this.#changed && !signal.aborted)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      this.#changed = false;
      return !signal.aborted;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
  }

  #note(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#changed = true;
      this.#wake?.();
    }, settleMs);
  }
}
