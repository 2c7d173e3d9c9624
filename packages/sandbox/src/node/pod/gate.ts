/** What decides whether a pod's packets are judged by its policies yet: the agent. */
export interface Gate {
  isProgrammed(podKey: string, addresses: readonly string[]): boolean;
  /** Calls `listener` after each change of what is in the kernel; returns what takes it off again. */
  onChange(listener: () => void): () => void;
}

/** Resolves once changes of what is in the kernel have made the condition true, or the signal aborts. */
export function untilChanged(gate: Gate, condition: () => boolean, signal?: AbortSignal): Promise<void> {
  if (condition() || signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      unsubscribe();
      resolve();
    };
    const unsubscribe = gate.onChange(() => {
      if (condition()) done();
    });
    signal?.addEventListener("abort", done);
  });
}
