/** What JSON.parse does not tell of a text. */
export interface JsonStructure {
  /** Depth of the deepest list or object; 0 for a bare scalar. Counting stops past the limit. */
  readonly depth: number;
  /** Paths of keys that occur twice in their object, as the API server writes them: `spec.ports[0].port`. */
  readonly duplicates: readonly string[];
}

interface Frame {
  /** Keys seen so far; undefined for a list. */
  readonly keys: Set<string> | undefined;
  /** Where the scan is within the frame. */
  at: string | number;
}

/** Scans a text that JSON.parse accepts, in one pass; gives up beyond `depthLimit`. */
export function scanJson(text: string, depthLimit: number): JsonStructure {
  const frames: Frame[] = [];
  const duplicates: string[] = [];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const frame = frames.at(-1);
    switch (text[i]) {
      case "{":
      case "[":
        frames.push(text[i] === "{" ? { keys: new Set(), at: "" } : { keys: undefined, at: 0 });
        depth = Math.max(depth, frames.length);
        if (depth > depthLimit) return { depth, duplicates };
        break;
      case "}":
      case "]":
        frames.pop();
        break;
      case ",":
        if (typeof frame?.at === "number") frame.at++;
        break;
      case '"': {
        const end = endOfString(text, i);
        if (frame?.keys !== undefined && isFollowedByColon(text, end)) {
          frame.at = JSON.parse(text.slice(i, end)) as string;
          if (frame.keys.has(frame.at)) duplicates.push(pathOf(frames));
          frame.keys.add(frame.at);
        }
        i = end - 1;
      }
    }
  }
  return { depth, duplicates };
}

/** Index after the quote that ends the string at `start`. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; ; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i + 1;
  }
}

function isFollowedByColon(text: string, index: number): boolean {
  let i = index;
  while (text[i] === " " || text[i] === "\n" || text[i] === "\r" || text[i] === "\t") i++;
  return text[i] === ":";
}

function pathOf(frames: readonly Frame[]): string {
  let path = "";
  for (const { at } of frames) path += typeof at === "number" ? `[${at}]` : path === "" ? at : `.${at}`;
  return path;
}
