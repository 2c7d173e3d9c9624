import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { monotonicMs } from "./monotonic-ms.ts";

test("the clock that it is read from is the same in another process", () => {
  const before = monotonicMs();
  const script = "Number(process.hrtime.bigint()) / 1e6";
  const { stdout } = spawnSync(process.execPath, ["-p", script], { encoding: "utf8" });
  expect(Number(stdout)).toBeGreaterThan(before);
  expect(Number(stdout)).toBeLessThan(monotonicMs());
});
