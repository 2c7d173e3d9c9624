import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Keeps a second process from writing to a directory: a file that names the process and when it began. */
export class DirectoryLock {
  readonly #path: string;

  /** Throws when a process that is alive holds the lock; that of a dead one is taken over. */
  constructor(directory: string) {
    this.#path = join(directory, "lock");
    if (this.#take()) return;
    const holder = readHolder(this.#path);
    if (holder !== undefined && holder !== self && isAlive(holder)) {
      throw new Error(`${directory} is in use by process ${holder.split(" ")[0]}`);
    }
    rmSync(this.#path, { force: true });
    if (!this.#take()) throw new Error(`${directory} was taken by another process just now`);
  }

  release(): void {
    if (readHolder(this.#path) === self) rmSync(this.#path, { force: true });
  }

  /** A link appears whole and only where nothing is, unlike a file that is written. */
  #take(): boolean {
    const draft = `${this.#path}.${process.pid}`;
    writeFileSync(draft, self, { mode: 0o600 });
    try {
      linkSync(draft, this.#path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
}

const self = `${process.pid} ${startOf(process.pid)}`;

function readHolder(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Process numbers come again; together with the time of its start one means one process only. */
function isAlive(holder: string): boolean {
  const [pid, start] = holder.split(" ");
  return start !== undefined && start !== "" && startOf(Number(pid)) === start;
}

/**
 * When a process began, in clock ticks since boot: field 22 of proc_pid_stat(5). The name before it can hold anything but
 * ends in `)`. "" for one that is not there, or dead and only not waited for yet.
 */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? "" : (fields[18] ?? "");
  } catch {
    return "";
  }
}
