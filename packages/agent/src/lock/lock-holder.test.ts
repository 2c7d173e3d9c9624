import { readlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { parseHolder, processOf, thisHolder } from "./lock-holder.ts";

test("a process is numbered where it runs: the number of a container's is not one of ours", () => {
  const here = readlinkSync("/proc/self/ns/pid");
  const said = (pidNamespace?: string) =>
    processOf({ pid: 7, nodeName: "n", ...(pidNamespace === undefined ? {} : { pidNamespace }) });
  expect(said(here)).toBe("process 7");
  expect(said("pid:[1]")).toBe("process 7 of another PID namespace");
  // Of a version that does not tell where it runs.
  expect(said()).toBe("process 7");
});

test("what one says of itself another one reads, and nothing that only looks like it", () => {
  expect(parseHolder(JSON.stringify(thisHolder("n")))).toEqual(thisHolder("n"));
  expect(parseHolder('{"pid":7,"nodeName":"n","pidNamespace":3}')).toEqual({ pid: 7, nodeName: "n" });
  for (const text of ["", "process 7", "null", "{}", "[]", '"7"', '{"pid":"7","nodeName":"n"}', '{"pid":7}'])
    expect(parseHolder(text), text).toBeUndefined();
});
