import type { Io } from "../io/io.ts";

/** Characters that are printed at once. */
const enough = 1 << 16;

/** Prints a text of any length, no faster than it is read. */
export async function printChunks(chunks: Iterable<string>, io: Io): Promise<void> {
  let text = "";
  for (const chunk of chunks) {
    text += chunk;
    if (text.length < enough) continue;
    io.out(text);
    text = "";
    await io.drained?.();
  }
  if (text !== "") io.out(text);
}
