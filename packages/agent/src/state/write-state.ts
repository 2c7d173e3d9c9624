import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { programLines } from "./encode-program.ts";
import { inChunks } from "./in-chunks.ts";
import { replaceFile } from "./replace-file.ts";
import { type SavedState, stateFileName } from "./saved-state.ts";
import { headerOf } from "./state-header.ts";

/** Writes a state, synchronized to the disk. @throws Error of node:fs. */
export async function writeState(directory: string, state: SavedState): Promise<void> {
  await replaceFile(directory, stateFileName, async (file) => {
    await writeLines(file, state);
    await file.sync();
  });
  const entry = await open(directory, "r");
  await entry.sync().finally(() => entry.close());
}

async function writeLines(file: FileHandle, state: SavedState): Promise<void> {
  const sum = createHash("sha256");
  for (const chunk of inChunks(textOf(state))) {
    sum.update(chunk);
    await file.writeFile(chunk);
  }
  await file.writeFile(`${JSON.stringify({ sum: sum.digest("hex") })}\n`);
}

function* textOf(state: SavedState): Iterable<string> {
  yield headerOf(state);
  for (const line of programLines(state.program)) yield `${line}\n`;
}
