import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { programLines } from "./encode-program.ts";
import { partialFileName, type SavedState, stateFileName } from "./saved-state.ts";
import { headerOf } from "./state-header.ts";

/** Characters that are written, and hashed, at one go. */
const chunkLength = 64 * 1024;

/**
 * Writes a state so that whoever reads it finds this one or the one before, whole, whatever ends in between: to a file
 * of its own, synchronized to the disk, which then takes the other's place. Only its owner may read it.
 * @throws Error of node:fs.
 */
export async function writeState(directory: string, state: SavedState): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const partial = path.join(directory, partialFileName(stateFileName));
  await rm(partial, { force: true });
  // Exclusively: nothing that somebody puts there, such as a link to another place, is written to.
  const file = await open(partial, "wx", 0o600);
  try {
    await writeLines(file, state);
    await file.sync();
  } catch (error) {
    await file.close();
    // Of a full disk this gives back what it could.
    await rm(partial, { force: true }).catch(() => {});
    throw error;
  }
  await file.close();
  await rename(partial, path.join(directory, stateFileName));
  const entry = await open(directory, "r");
  await entry.sync().finally(() => entry.close());
}

async function writeLines(file: FileHandle, state: SavedState): Promise<void> {
  const sum = createHash("sha256");
  let chunk = "";
  const flush = async () => {
    sum.update(chunk);
    await file.writeFile(chunk);
    chunk = "";
  };
  chunk += headerOf(state);
  for (const line of programLines(state.program)) {
    chunk += `${line}\n`;
    if (chunk.length >= chunkLength) await flush();
  }
  await flush();
  await file.writeFile(`${JSON.stringify({ sum: sum.digest("hex") })}\n`);
}
