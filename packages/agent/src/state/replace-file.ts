import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { partialFileName } from "./saved-state.ts";

/**
 * Writes a file of the state directory anew, so that whoever reads it finds this one or the one before, whole, whatever
 * process ends in between: to a file of its own, which then takes the other's place. Only its owner may read it.
 * @throws what `write` throws; Error of node:fs.
 */
export async function replaceFile(
  directory: string,
  name: string,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const partial = path.join(directory, partialFileName(name));
  await rm(partial, { force: true });
  // Exclusively: nothing that somebody puts there, such as a link to another place, is written to.
  const file = await open(partial, "wx", 0o600);
  try {
    await write(file);
  } catch (error) {
    await file.close();
    // Of a full disk this gives back what it could.
    await rm(partial, { force: true }).catch(() => {});
    throw error;
  }
  await file.close();
  await rename(partial, path.join(directory, name));
}
