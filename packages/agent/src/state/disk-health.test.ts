import { expect, test } from "vitest";
import { Conditions } from "../conditions.ts";
import { DiskHealth } from "./disk-health.ts";

test("as long as one of the files cannot be written, that is told with its name", () => {
  const conditions = new Conditions(() => {});
  const disk = new DiskHealth(conditions);
  const told = () => conditions.active().map(({ type, reason, message }) => `${type} ${reason} ${message}`);
  disk.written("a");
  expect(told()).toEqual([]);
  disk.failed("b", new Error("ENOSPC"));
  disk.failed("a", new Error("EROFS"));
  disk.written("c");
  expect(told()).toEqual(["StateNotWritten WriteFailed a: EROFS; b: ENOSPC"]);
  disk.written("b");
  expect(told()).toEqual(["StateNotWritten WriteFailed a: EROFS"]);
  disk.written("a");
  expect(told()).toEqual([]);
});
