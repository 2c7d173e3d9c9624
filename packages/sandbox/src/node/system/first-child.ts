import { readFileSync } from "node:fs";

/** The number of a process' oldest child, as proc(5) lists them; 0 when it has none, or is gone itself. */
export function firstChild(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
  } catch (error) {
    // It ended and was reaped: ENOENT, or ESRCH when that came between opening and reading.
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return 0;
    throw error;
  }
}
