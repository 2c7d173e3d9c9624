import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";

/** A manifest as read, by the name that the user knows it by. */
export interface InputFile {
  readonly path: string;
  readonly text: string;
}

const manifestName = /\.(?:ya?ml|json)$/i;

/** Our own settings may lie among the manifests of a directory. */
const settingsName = "portcullis.yaml";

/**
 * Reads what `-f` names: files as they are, the manifests (.yaml, .yml, .json) of a directory in order of name, with
 * `recursive` those of its subdirectories too, and standard input for `-`. A file that is named twice is read once.
 * Fails with CliError (exit code 2) for what cannot be read and for a directory without manifests.
 */
export async function readFiles(names: readonly string[], recursive: boolean, io: Io): Promise<InputFile[]> {
  const files = new Map<string, string>();
  for (const name of names) {
    if (name === "-") {
      if (!files.has("<stdin>")) files.set("<stdin>", await io.readStdin());
      continue;
    }
    for (const file of await expand(name, recursive)) {
      if (!files.has(file)) files.set(file, await readText(file));
    }
  }
  return [...files].map(([file, text]) => ({ path: file, text }));
}

async function expand(name: string, recursive: boolean): Promise<string[]> {
  if (!(await stat(name).catch(unreadable(name))).isDirectory()) return [name];
  const manifests = await list(name, recursive);
  if (manifests.length > 0) return manifests;
  throw new CliError(
    exitCode.usage,
    `${name}: no manifest (.yaml, .yml, .json) in this directory`,
    recursive ? undefined : "Add -R to look into its subdirectories too.",
  );
}

async function list(directory: string, recursive: boolean): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(unreadable(directory));
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const file = path.join(directory, entry.name);
    const isDirectory = entry.isSymbolicLink()
      ? (await stat(file).catch(unreadable(file))).isDirectory()
      : entry.isDirectory();
    // A directory behind a symbolic link is not entered: it may lead back up.
    if (isDirectory && recursive && !entry.isSymbolicLink()) found.push(...(await list(file, true)));
    else if (!isDirectory && manifestName.test(entry.name) && entry.name !== settingsName) found.push(file);
  }
  return found;
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch(unreadable(file));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CliError(exitCode.usage, `${file}: not UTF-8 text`);
  }
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
