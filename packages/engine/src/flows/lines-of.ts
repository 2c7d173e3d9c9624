/** Bytes of one line; a record has fewer characters. */
const longest = 4 << 20;
const lineFeed = 10;

/**
 * The lines of a stream of bytes, without their line feeds; undefined for one that `decode` makes nothing of, and for one
 * that is longer than any record: its bytes are not kept. What follows the last line feed is a line when it is not empty.
 *
 * @param decode the text of a line's bytes; undefined where they are none.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  decode: (bytes: Uint8Array) => string | undefined,
): AsyncGenerator<string | undefined> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const add = (part: Uint8Array) => {
    length += part.length;
    if (length <= longest) parts.push(part);
    else parts = [];
  };
  const take = () => {
    const line = length > longest ? undefined : decode(concatenated(parts, length));
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  if (length > 0) yield take();
}

function concatenated(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
