import { readdirSync, readFileSync } from "node:fs";

/** What a sandbox that has ended must not leave behind. */
export interface Traces {
  /** A variable in the environment of the process that started it, NAME=VALUE, that everything it starts inherits. */
  readonly mark: string;
  /** The directory that it keeps its state in. */
  readonly directory: string;
  /** A user who runs nothing else. */
  readonly uid?: number;
}

/** Processes, mounts and files that are still there, in words; sorted. */
export function leftovers({ mark, directory, uid }: Traces): string[] {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      const ours =
        read(`/proc/${pid}/environ`).split("\0").includes(mark) ||
        (uid !== undefined && new RegExp(`^Uid:\\s+${uid}\\s`, "m").test(read(`/proc/${pid}/status`)));
      return ours ? [`process ${pid}: ${read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim()}`] : [];
    });
  const mounts = read("/proc/self/mountinfo")
    .split("\n")
    .filter((line) => line.includes(directory))
    .map((line) => `mount ${line}`);
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
    // The room that all sandboxes of the user share may stay, empty.
    .filter((name) => name !== "portcullis")
    .map((name) => `file ${name}`);
  return [...processes, ...mounts, ...files].sort();
}

/** A process may end while we look at it. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
