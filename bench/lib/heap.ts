/** Bytes of live objects on the heap. Needs `--expose-gc`, which the runner gives. */
export async function heapBytes(): Promise<number> {
  if (globalThis.gc === undefined) throw new Error("run node with --expose-gc");
  // What a WeakRef was asked for lives until the end of its job, so a collection in the same job would not free it.
  for (let i = 0; i < 2; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc();
  }
  return process.memoryUsage().heapUsed;
}
