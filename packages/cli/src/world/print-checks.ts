import type { Check } from "@portcullis/sandbox";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { wrapLines } from "../text/wrap.ts";

/** Prints what this machine can do, the mend below what is amiss. Gives 0 when a sandbox can start, else 3. */
export function printChecks(checks: readonly Check[], output: string, io: Io): number {
  const able = checks.every(({ ok, required }) => ok || !required);
  if (output === "json") {
    io.out(`${JSON.stringify({ sandbox: able, checks }, null, 2)}\n`);
  } else {
    for (const check of checks) io.out(checkText(check, io));
    io.out(`\n${able ? "A sandbox can start here." : "A sandbox cannot start here until that is mended."}\n`);
    if (!able) io.out("Asking about manifests works on every machine: see `portcullis can --help`.\n");
  }
  return able ? exitCode.ok : exitCode.unavailable;
}

function checkText({ check, ok, required, detail, mend }: Check, { outColors: colors }: Io): string {
  const mark = ok ? colors.green("ok     ") : required ? colors.red("missing") : colors.yellow("limited");
  const lines = wrapLines(`${check}: ${detail}`, 90);
  const mends = !ok && mend ? wrapLines(`mend: ${mend}`, 90) : [];
  return [...lines, ...mends].map((line, index) => `${index === 0 ? mark : "       "}  ${line}\n`).join("");
}
