import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const listenState = "0A";

/** Whether a process itself holds a socket that listens on the TCP port, in the namespace that it lives in (proc(5)). */
export function listensOn(pid: number, port: number): boolean {
  try {
    const inodes = listeners(pid, port);
    if (inodes.size === 0) return false;
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    // It is gone, or a descriptor was closed while we looked.
    return false;
  }
}

function listeners(pid: number, port: number): Set<string> {
  const inodes = new Set<string>();
  for (const file of ["tcp", "tcp6"]) {
    for (const line of read(`/proc/${pid}/net/${file}`).split("\n").slice(1)) {
      const fields = line.trim().split(/\s+/);
      const local = Number.parseInt(fields[1]?.split(":")[1] ?? "", 16);
      if (local === port && fields[3] === listenState && fields[9] !== undefined) inodes.add(fields[9]);
    }
  }
  return inodes;
}

/** A machine without IPv6 has no tcp6. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
