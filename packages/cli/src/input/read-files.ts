import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";

/** A manifest as read, by the name that the user knows it by. */
export interface InputFile {
  readonly path: string;
  readonly text: string;
}

/** Something in a directory that was not read, and why. */
export interface FilePassedOver {
  readonly path: string;
  readonly what: "other file" | "directory" | "linked directory";
  readonly reason: string;
}

export interface Input {
  readonly files: readonly InputFile[];
  readonly passedOver: readonly FilePassedOver[];
}

const manifestName = /\.(?:ya?ml|json)$/i;

/** Our own settings may lie among the manifests of a directory. */
const settingsName = "portcullis.yaml";

/** Bytes of one file: no text of so many could be within the engine's 32 Mi characters. */
const maxBytes = 3 * 32 * 1024 * 1024;

/** Files that are read at the same time. */
const parallel = 32;

/** What `readInput` reads, without what it passes over. */
export async function readFiles(names: readonly string[], recursive: boolean, io: Io): Promise<InputFile[]> {
  return [...(await readInput(names, recursive, io)).files];
}

/**
 * Reads what `-f` names: files as they are, the manifests (.yaml, .yml, .json) of a directory in order of name, with
 * `recursive` those of its subdirectories too, and standard input for `-`. A file that is named twice is read once.
 * Fails with CliError (exit code 2), after everything was tried, with all that cannot be read; and for a directory without
 * manifests: an answer that leaves out what nobody could read would be a guess.
 */
export async function readInput(names: readonly string[], recursive: boolean, io: Io): Promise<Input> {
  const search = new Search(recursive);
  for (const name of names) await search.add(name);
  const paths = [...search.found];
  const read = await inBatches(paths, (file) =>
    file === stdinName ? io.readStdin() : readText(file).catch(asFailure),
  );
  // In the order of the files, whichever was read first.
  const files = paths.flatMap((file, index) => {
    const text = read[index]!;
    if (typeof text === "string") return [{ path: file, text }];
    search.failed(text);
    return [];
  });
  if (search.failures.length > 0) throw allOf(search.failures);
  return { files, passedOver: search.passedOver };
}

const stdinName = "<stdin>";

function asFailure(error: unknown): CliError {
  if (error instanceof CliError) return error;
  throw error;
}

/** What there is to read, in order. */
class Search {
  readonly found = new Set<string>();
  readonly passedOver: FilePassedOver[] = [];
  readonly failures: CliError[] = [];
  readonly #recursive: boolean;

  constructor(recursive: boolean) {
    this.#recursive = recursive;
  }

  async add(name: string): Promise<void> {
    if (name === "-") {
      this.found.add(stdinName);
      return;
    }
    try {
      if (!(await stat(name).catch(unreadable(name))).isDirectory()) this.found.add(name);
      else if (!(await this.#directory(name)) && this.failures.length === 0)
        throw noManifest(name, this.#recursive);
    } catch (error) {
      this.failed(error);
    }
  }

  /** Keeps what is the user's to mend; all of it is told in the end. */
  failed(error: unknown): void {
    this.failures.push(asFailure(error));
  }

  /** Whether there was a manifest. */
  async #directory(directory: string): Promise<boolean> {
    const entries = await readdir(directory, { withFileTypes: true }).catch(unreadable(directory));
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    let any = false;
    for (const entry of entries) {
      const file = path.join(directory, entry.name);
      try {
        const kind = entry.isSymbolicLink() ? await stat(file).catch(unreadable(file)) : entry;
        if (kind.isDirectory()) {
          any = (await this.#subdirectory(file, entry.isSymbolicLink())) || any;
          continue;
        }
        const reason = reasonAgainstName(entry.name);
        if (reason !== undefined) {
          this.#passOver(file, "other file", reason);
        } else if (!kind.isFile()) {
          this.#passOver(file, "other file", "not a regular file");
        } else {
          this.found.add(file);
          any = true;
        }
      } catch (error) {
        this.failed(error);
      }
    }
    return any;
  }

  async #subdirectory(directory: string, isLink: boolean): Promise<boolean> {
    // A directory behind a symbolic link is not entered: it may lead back up.
    if (isLink)
      this.#passOver(directory, "linked directory", "symbolic links to directories are not followed");
    else if (!this.#recursive) this.#passOver(directory, "directory", "-R looks into subdirectories too");
    else return this.#directory(directory);
    return false;
  }

  #passOver(file: string, what: FilePassedOver["what"], reason: string): void {
    this.passedOver.push({ path: file, what, reason });
  }
}

/** Why a file of a directory is no manifest, by its name; undefined for one that is. */
export function reasonAgainstName(file: string): string | undefined {
  if (path.posix.basename(file) === settingsName) return "settings of portcullis";
  return manifestName.test(file) ? undefined : "not .yaml, .yml or .json";
}

async function inBatches<T>(items: readonly string[], work: (item: string) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let start = 0; start < items.length; start += parallel)
    results.push(...(await Promise.all(items.slice(start, start + parallel).map(work))));
  return results;
}

async function readText(file: string): Promise<string> {
  const handle = await open(file).catch(unreadable(file));
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw new CliError(exitCode.usage, `${file}: ${tooLarge(size)}`, tooLargeMend);
    return decode(file, await readAll(file, handle));
  } finally {
    await handle.close();
  }
}

function readAll(file: string, handle: FileHandle): Promise<Buffer> {
  return handle.readFile().catch(unreadable(file));
}

function decode(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    throw new CliError(exitCode.usage, `${file}: ${gzip ? "compressed with gzip" : "not UTF-8 text"}`);
  }
}

function tooLarge(size: number): string {
  return `${Math.round(size / 1024 / 1024)} MiB; at most 32 Mi characters of one file are read`;
}

const tooLargeMend = "Split it into several files, or look at the cluster itself with --context.";

function noManifest(directory: string, recursive: boolean): CliError {
  return new CliError(
    exitCode.usage,
    `${directory}: no manifest (.yaml, .yml, .json) in this directory`,
    recursive ? undefined : "Add -R to look into its subdirectories too.",
  );
}

/** Told at most, of files that cannot be read. */
const maxFailures = 20;

function allOf(failures: readonly CliError[]): CliError {
  const [first] = failures;
  if (failures.length === 1) return first!;
  const lines = failures.slice(0, maxFailures).map(({ message }) => message);
  if (failures.length > maxFailures) lines.push(`and ${failures.length - maxFailures} more`);
  return new CliError(exitCode.usage, lines.join("\n"), first!.mend);
}

const words: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EISDIR: "is a directory",
  ENOTDIR: "a part of the path is not a directory",
  ELOOP: "too many symbolic links",
};

function unreadable(name: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    throw new CliError(exitCode.usage, `${name}: ${words[error.code ?? ""] ?? error.message}`);
  };
}
