import type { ManifestFile } from "@portcullis/engine";

/** Files of the user's own, for as long as the tab is open: a reload opens them again. */
export interface OpenedFiles {
  readonly files: readonly ManifestFile[];
  readonly origin: string;
}

const key = "portcullis opened files";

export function keepOpened(opened: OpenedFiles): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(opened));
  } catch {
    // Full, or forbidden: a reload then shows what is there without them.
    forgetOpened();
  }
}

export function readOpened(): OpenedFiles | undefined {
  try {
    const { files, origin } = JSON.parse(sessionStorage.getItem(key) ?? "{}") as Partial<OpenedFiles>;
    return files === undefined || origin === undefined ? undefined : { files, origin };
  } catch {
    return undefined;
  }
}

export function forgetOpened(): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Forbidden: nothing was kept either.
  }
}
