/**
 * Does a thing for each item in batches that double from one to 32: when all fail for the same reason, the reason is
 * told once and not hundreds of times. Stops after the first batch with a failure and throws the first one.
 */
export async function slowStart<T>(items: readonly T[], action: (item: T) => Promise<void>): Promise<void> {
  let size = 1;
  for (let start = 0; start < items.length; ) {
    const results = await Promise.allSettled(items.slice(start, start + size).map(action));
    for (const result of results) if (result.status === "rejected") throw result.reason;
    start += size;
    size = Math.min(size * 2, 32);
  }
}
