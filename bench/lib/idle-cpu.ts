import { readFileSync } from "node:fs";

/** Kernel ticks a second (getconf CLK_TCK), which is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** CPU time that processes and all below them have used while `milliseconds` went by, in milliseconds. */
export async function cpuWhile(pids: readonly number[], milliseconds: number): Promise<number> {
  const before = cpuOf(pids);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return cpuOf(pids) - before;
}

/** CPU time that processes and all below them have used so far, those that have ended included, in milliseconds. */
export function cpuOf(pids: readonly number[]): number {
  const ticks = pids.flatMap(withDescendants).reduce((sum, pid) => sum + ticksOf(pid), 0);
  return (ticks * 1000) / ticksPerSecond;
}

function withDescendants(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim();
  return [pid, ...(children === "" ? [] : children.split(" ").map(Number).flatMap(withDescendants))];
}

/**
 * utime and stime of a process, cutime and cstime of those that it started and that have ended (proc(5), /proc/PID/stat),
 * the 14th to 17th field; the name before them may hold blanks.
 */
function ticksOf(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(") ")[1]?.split(" ") ?? [];
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

/** A process may be gone by now. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
