import { readdirSync, readFileSync } from "node:fs";

/** What does not end by SIGHUP within this time is killed. */
const graceMs = 2_000;

/**
 * Ends what was started as a process group of its own, as a terminal that is hung up does, with everything in its
 * sessions: those of the process and of its descendants.
 * @param pid A child of ours that leads a session.
 */
export function endSession(pid: number): void {
  const sessions = new Set(descendants(pid).map(sessionOf));
  sessions.delete(undefined);
  const members = () => allProcesses().filter((each) => sessions.has(sessionOf(each)));
  send(members(), "SIGHUP");
  // The leader is not waited for: its number stays that of the session for as long as one of it is alive.
  const kill = () => send(members(), "SIGKILL");
  setTimeout(kill, graceMs).unref();
}

function send(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended in this very moment.
    }
  }
}

function descendants(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim();
  return [
    pid,
    ...(children === "" ? [] : children.split(" ").flatMap((child) => descendants(Number(child)))),
  ];
}

function allProcesses(): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid));
}

/** The sixth field of proc_pid_stat(5); the second is a name in parentheses that may hold anything. */
function sessionOf(pid: number): number | undefined {
  const fields = read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  const session = Number(fields[3]);
  return session > 1 ? session : undefined;
}

/** A process that is gone has nothing to be read. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
