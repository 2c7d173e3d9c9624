import { expect } from "vitest";

/** Asks again and again until what is expected is so: for what another turn, or another process, brings about. */
export function eventually<T>(ask: () => T) {
  return expect.poll(ask, { timeout: 20_000, interval: 10 });
}
