/** How long a reading may take once something has been written beside it, in milliseconds. */
const patienceMs = 200;

export const interrupted = Symbol("interrupted");

/**
 * What is read while something may be written; `interrupted` when that keeps it from ending. nft begins a listing anew
 * whenever something is committed, so that a long one would use a processor for as long as the writes go on.
 */
export async function besideWrites<T>(
  read: (signal: AbortSignal) => Promise<T>,
  /** How much has been written so far. */
  writes: () => number,
): Promise<T | typeof interrupted> {
  const before = writes();
  const giveUp = new AbortController();
  const timer = setInterval(() => {
    if (writes() !== before) giveUp.abort();
  }, patienceMs);
  try {
    return await read(giveUp.signal);
  } catch (error) {
    if (giveUp.signal.aborted) return interrupted;
    throw error;
  } finally {
    clearInterval(timer);
  }
}
