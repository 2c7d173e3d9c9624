import { vi } from "vitest";

// As `expect.poll` of vitest.config.ts, which has no word for this one. Files may share a process: once is enough.
const patience = { timeout: 20_000, interval: 20 };
const { waitFor } = vi;
if (waitFor.name !== "waitPatiently") {
  vi.waitFor = function waitPatiently(check, options) {
    return waitFor(check, typeof options === "number" ? options : { ...patience, ...options });
  };
}
