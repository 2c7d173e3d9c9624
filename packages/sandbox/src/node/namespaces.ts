import { closeSync, openSync } from "node:fs";
import { setHostName, setns, unshare } from "./libc.ts";

const newNetwork = 0x40000000;
const newUts = 0x04000000;

// The namespaces this process was born in; its main thread is in them whenever no function below is running.
const homeNetwork = openSync("/proc/thread-self/ns/net", "r");
const homeUts = openSync("/proc/thread-self/ns/uts", "r");

/**
 * Runs `action` with the main thread in another network namespace: a socket made there stays there, a process spawned
 * there lives there. `action` must be synchronous, so that nothing else ever runs in the wrong namespace.
 * @param path A namespace file such as `/run/netns/p1`; undefined is the namespace the thread is in anyway.
 */
export function inNetwork<T>(path: string | undefined, action: () => T): T {
  if (path === undefined) return action();
  const target = openSync(path, "r");
  try {
    setns(target, newNetwork);
    try {
      return action();
    } finally {
      goHome(homeNetwork, newNetwork);
    }
  } finally {
    closeSync(target);
  }
}

/** As `inNetwork`, for a new UTS namespace with the given host name. */
export function withHostName<T>(name: string, action: () => T): T {
  unshare(newUts);
  try {
    setHostName(name);
    return action();
  } finally {
    goHome(homeUts, newUts);
  }
}

/** A thread that cannot go back would mix up namespaces for good: better to end, and everything with it. */
function goHome(namespace: number, kind: number): void {
  try {
    setns(namespace, kind);
  } catch (error) {
    process.stderr.write(`portcullis: cannot return to the node's namespace: ${String(error)}\n`);
    process.exit(70);
  }
}
