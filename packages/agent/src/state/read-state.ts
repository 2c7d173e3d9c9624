import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { ProgramReader } from "./decode-program.ts";
import { type SavedState, stateFileName } from "./saved-state.ts";
import { StateError } from "./state-error.ts";
import { readHeader } from "./state-header.ts";

/**
 * The state that was written last; undefined when there is none.
 * @throws StateError when there is one that must not be used: torn, changed, of another version or of another node.
 */
export async function readState(directory: string, nodeName: string): Promise<SavedState | undefined> {
  const file = path.join(directory, stateFileName);
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new StateError("Unreadable", error.message);
  });
  if (bytes === undefined) return undefined;
  const header = readHeader(lineAt(bytes, 0));
  if (header.nodeName !== nodeName)
    throw new StateError("OtherNode", `it is of the node ${header.nodeName}, and this is ${nodeName}`);
  const { podCidrs } = header;
  const last = bytes.lastIndexOf("\n", -2) + 1;
  const end = lineAt(bytes, last);
  if (!end.startsWith('{"sum":') || bytes.at(-1) !== newline)
    throw new StateError("Torn", "its end is missing", podCidrs);
  const sum = createHash("sha256").update(bytes.subarray(0, last)).digest("hex");
  if (end !== JSON.stringify({ sum }))
    throw new StateError("Corrupted", "it is not what was written", podCidrs);
  try {
    return { ...header, program: readProgram(bytes.subarray(0, last)) };
  } catch (error) {
    throw new StateError("Corrupted", (error as Error).message, podCidrs);
  }
}

const newline = 0x0a;

function readProgram(bytes: Buffer): SavedState["program"] {
  const reader = new ProgramReader();
  // After the header.
  for (let at = bytes.indexOf(newline) + 1; at < bytes.length; ) {
    const line = lineAt(bytes, at);
    reader.take(line);
    at = bytes.indexOf(newline, at) + 1;
  }
  return reader.program();
}

function lineAt(bytes: Buffer, start: number): string {
  const end = bytes.indexOf(newline, start);
  return bytes.toString("utf8", start, end < 0 ? bytes.length : end);
}
