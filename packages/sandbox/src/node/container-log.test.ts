import { expect, test } from "vitest";
import { ContainerLog } from "./container-log.ts";

test("the last line that says anything", () => {
  const log = new ContainerLog();
  expect(log.lastLine()).toBeUndefined();
  log.append(Buffer.from("one\ntw"));
  log.append(Buffer.from("o\n\n"));
  expect(log.text()).toBe("one\ntwo\n\n");
  expect(log.lastLine()).toBe("two");
});

test("only the last MiB is kept, of many chunks and of one", () => {
  const log = new ContainerLog();
  for (let index = 0; index < 40; index++) log.append(Buffer.alloc(100_000, 65 + (index % 26)));
  expect(log.text().length).toBeLessThanOrEqual(1 << 20);
  expect(log.text().length).toBeGreaterThan(900_000);
  expect(log.text().endsWith("N")).toBe(true);
  log.append(Buffer.from(`${"x".repeat(3 << 20)}end`));
  expect(log.text().length).toBe(1 << 20);
  expect(log.text().endsWith("xend")).toBe(true);
});
