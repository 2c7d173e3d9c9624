import { readlinkSync } from "node:fs";

/** Who holds a lock. Told by whoever listens there: for messages, and never a ground to decide by. */
export interface LockHolder {
  /** As it is numbered where it runs. */
  readonly pid: number;
  /** Where that is, as /proc/self/ns/pid names it (pid_namespaces(7)); absent where it does not know. */
  readonly pidNamespace?: string;
  readonly nodeName: string;
}

/** This process, as one that holds a lock. */
export function thisHolder(nodeName: string): LockHolder {
  const pidNamespace = ownPidNamespace();
  return { pid: process.pid, ...(pidNamespace === undefined ? {} : { pidNamespace }), nodeName };
}

/** `process 8143`; of a container's processes each is numbered anew, so that one of these is no process of ours. */
export function processOf({ pid, pidNamespace }: LockHolder): string {
  const own = ownPidNamespace();
  const isElsewhere = pidNamespace !== undefined && own !== undefined && pidNamespace !== own;
  return isElsewhere ? `process ${pid} of another PID namespace` : `process ${pid}`;
}

/** Undefined when the text is not what an agent says of itself. */
export function parseHolder(text: string): LockHolder | undefined {
  try {
    const { pid, pidNamespace, nodeName } = JSON.parse(text) as Partial<LockHolder>;
    if (typeof pid !== "number" || typeof nodeName !== "string") return undefined;
    return { pid, ...(typeof pidNamespace === "string" ? { pidNamespace } : {}), nodeName };
  } catch {
    return undefined;
  }
}

function ownPidNamespace(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}
