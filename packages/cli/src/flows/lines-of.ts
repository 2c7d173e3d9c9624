import { linesOf as linesOfBytes } from "@portcullis/engine";

/** The lines of a stream of UTF-8; undefined for one that is none, and for one that is longer than any record. */
export function linesOf(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<string | undefined> {
  return linesOfBytes(chunks, decode);
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
