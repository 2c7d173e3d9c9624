import type { Check } from "@portcullis/sandbox";
import { expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { printChecks } from "./print-checks.ts";

const fine: Check = { check: "nft", ok: true, required: true, detail: "1.0.6", mend: "" };
const missing: Check = {
  check: "ip",
  ok: false,
  required: true,
  detail: "not found",
  mend: "apt-get install iproute2",
};
const limited: Check = { check: "SCTP", ok: false, required: false, detail: "no module", mend: "" };

function print(checks: readonly Check[], output = "text") {
  const io = new MemoryIo();
  const code = printChecks(checks, output, io);
  return { code, stdout: io.stdout };
}

test("able: code 0, also when something optional is missing", () => {
  const { code, stdout } = print([fine, limited]);
  expect(code).toBe(0);
  expect(stdout).toBe("ok       nft: 1.0.6\nlimited  SCTP: no module\n\nA sandbox can start here.\n");
});

test("not able: code 3, with the mend", () => {
  const { code, stdout } = print([fine, missing]);
  expect(code).toBe(3);
  expect(stdout).toContain("missing  ip: not found\n         mend: apt-get install iproute2\n");
});

test("json says the same with the same code", () => {
  const { code, stdout } = print([missing], "json");
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toEqual({ sandbox: false, checks: [missing] });
});
