import type { ManifestFile } from "@portcullis/engine";

/** What was dropped or pasted, as far as it can be opened. */
export interface Dropped {
  readonly files: readonly ManifestFile[];
  /** A sentence for each thing that was left out. */
  readonly refused: readonly string[];
}

/** Together, in bytes; the editor and the engine take it, though the engine needs its time. */
export const mostBytes = 24 * 1024 * 1024;
export const mostFiles = 2_000;

/** A file that a browser gave, under the path that it has in the folder that was dropped. */
export interface NamedFile {
  readonly path: string;
  readonly size: number;
  text(): Promise<string>;
}

/** As `filesOf` gives it. */
export interface DroppedFile extends NamedFile {
  readonly content: Blob;
}

/** Whether it has lines of JSON by its name, as flow records have. A log is an agent's only where it was meant by itself. */
export function isOfLines({ path }: Pick<NamedFile, "path">): boolean {
  return /\.(jsonl|ndjson)$|^[^/]+\.log$/i.test(path);
}

/** Reads YAML and JSON; what is neither by its name is passed over in folders, and refused by itself. */
export async function readDropped(given: readonly NamedFile[]): Promise<Dropped> {
  const refused: string[] = [];
  const wanted = given.filter(({ path }) => isManifest(path));
  if (given.length === 1 && wanted.length === 0)
    refused.push(`${given[0]!.path} is neither YAML nor JSON by its name`);
  else if (given.length > 0 && wanted.length === 0) refused.push("none of these files is YAML or JSON");
  if (wanted.length > mostFiles)
    refused.push(`${wanted.length - mostFiles} files beyond the first ${mostFiles}`);
  const files: ManifestFile[] = [];
  let bytes = 0;
  for (const each of wanted.slice(0, mostFiles)) {
    bytes += each.size;
    if (bytes > mostBytes) {
      refused.push(`${each.path} and what follows: more than ${mostBytes / 1024 / 1024} MB in all`);
      break;
    }
    const text = await each.text();
    if (text.includes("\u0000")) refused.push(`${each.path} is no text`);
    else files.push({ file: each.path, text });
  }
  return { files, refused };
}

function isManifest(path: string): boolean {
  return /\.(ya?ml|json)$/i.test(path) && !/(^|\/)(node_modules|\.git)\//.test(path);
}

/** The files of a drop, folders opened. To be called within the event: later the browser forgets what it gave. */
export function filesOf(transfer: DataTransfer): Promise<readonly DroppedFile[]> {
  const entries = [...transfer.items].flatMap((item) => {
    const entry = item.kind === "file" ? item.webkitGetAsEntry() : null;
    return entry === null ? [] : [entry];
  });
  if (entries.length > 0) return Promise.all(entries.map(walk)).then((lists) => lists.flat().sort(byPath));
  return Promise.resolve([...transfer.files].map((file) => named(file, file.name)));
}

async function walk(entry: FileSystemEntry): Promise<readonly DroppedFile[]> {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [named(file, path)];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: DroppedFile[] = [];
  // A reader gives some hundred at a time, and then none.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return found;
    for (const inner of some) {
      if (!/^(node_modules|\.git)$/.test(inner.name)) found.push(...(await walk(inner)));
    }
  }
}

function named(file: File, path: string): DroppedFile {
  return { path, size: file.size, content: file, text: () => file.text() };
}

function byPath(a: NamedFile, b: NamedFile): number {
  return a.path < b.path ? -1 : 1;
}
