import { FlowReading, type FlowRecord, linesOf } from "@portcullis/engine";
import type { FlowFile, FlowFileProblem, ReadFlows } from "./flow-protocol.ts";

/** Lines of which it is told what is wrong; the others are counted. */
const toldLines = 20;
/** Different flows; what a browser's memory and patience hold. */
const mostFlows = 250_000;

/**
 * Reads flow records line by line, as `portcullis replay` does. What cannot be read is told and left out. Undefined when
 * `isOvertaken` says, between two chunks, that nobody wants it any more.
 */
export async function readFlowFiles(
  files: readonly FlowFile[],
  isOvertaken: () => boolean,
): Promise<{ readonly read: ReadFlows; readonly flows: readonly FlowRecord[] } | undefined> {
  const reading = new FlowReading();
  const problems: FlowFileProblem[] = [];
  const tell = (problem: FlowFileProblem) => {
    if (problems.length < toldLines) problems.push(problem);
  };
  let isFull = false;
  for (const { name: file, content } of files) {
    let line = 0;
    try {
      for await (const text of linesOf(chunksOf(content, isOvertaken), decode)) {
        line++;
        if (reading.flows >= mostFlows) {
          isFull = true;
          tell({ file, line, message: `from here on nothing is read: ${flowsText} different flows` });
          break;
        }
        const problem = reading.add(text);
        if (problem === undefined) continue;
        const { field, message } = problem;
        tell({ file, line, message: field === "" ? message : `${field}: ${message}` });
      }
    } catch (error) {
      tell({ file, message: error instanceof Error ? error.message : String(error) });
    }
    if (isOvertaken()) return undefined;
    if (isFull) break;
  }
  const { records, flows, otherLines, refused, gapText } = reading;
  return { read: { records, flows, otherLines, refused, problems, gap: gapText }, flows: reading.list() };
}

const flowsText = mostFlows.toLocaleString("en");

/** Not every browser's streams can be iterated over. */
async function* chunksOf(content: Blob, isOvertaken: () => boolean): AsyncGenerator<Uint8Array> {
  const reader = content.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || isOvertaken()) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
