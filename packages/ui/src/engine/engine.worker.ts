// The engine's thread: calls come in and are begun in their order.
import type { Answer, Call } from "./protocol.ts";
import { World } from "./world.ts";

const world = new World();

self.onmessage = async ({ data }: MessageEvent<Call>) => {
  const answer = await answerTo(data);
  self.postMessage(answer, { transfer: transferable(answer) });
};

async function answerTo({ id, method, args }: Call): Promise<Answer> {
  try {
    const run = world[method] as (...args: readonly unknown[]) => unknown;
    return { id, value: await run.apply(world, args) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** A matrix is handed over, not copied. */
function transferable(answer: Answer): ArrayBuffer[] {
  const value = "value" in answer ? answer.value : undefined;
  const cells = (value as { cells?: unknown } | undefined)?.cells;
  return cells instanceof Uint32Array ? [cells.buffer as ArrayBuffer] : [];
}
