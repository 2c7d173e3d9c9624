/** Characters that are written at one go. */
const chunkLength = 64 * 1024;

/** The same text in pieces of some length, of which a file is written with few calls. */
export function* inChunks(texts: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const text of texts) {
    chunk += text;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}
