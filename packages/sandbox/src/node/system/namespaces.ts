import { closeSync, openSync } from "node:fs";
import { setHostName, setns, unshare } from "./libc.ts";

const newNetwork = 0x40000000;
const newUts = 0x04000000;
const newMounts = 0x00020000;

// The namespaces this process was born in; its main thread is in them whenever no function below is running.
const homeNetwork = openSync("/proc/thread-self/ns/net", "r");
const homeUts = openSync("/proc/thread-self/ns/uts", "r");
let homeMounts: number | undefined;

/**
 * A network namespace that lives for as long as this object is open, or something is in it. It has no name in the file
 * system: a mounted name would be copied into every container's mount namespace.
 */
export class NetworkNamespace {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  static create(): NetworkNamespace {
    unshare(newNetwork);
    try {
      return new NetworkNamespace(openSync("/proc/thread-self/ns/net", "r"));
    } finally {
      goHome(homeNetwork, newNetwork);
    }
  }

  /** Where other processes of the node find it. */
  get path(): string {
    return `/proc/${process.pid}/fd/${this.#fd}`;
  }

  /**
   * Runs `action` with the main thread in the namespace: a socket made there stays there, a process spawned there lives
   * there. `action` must be synchronous, so that nothing else ever runs in the wrong namespace.
   */
  run<T>(action: () => T): T {
    setns(this.#fd, newNetwork);
    try {
      return action();
    } finally {
      goHome(homeNetwork, newNetwork);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** In a pod's namespace, or without one in the node's own, where the thread is anyway. */
export function inNetwork<T>(network: NetworkNamespace | undefined, action: () => T): T {
  return network === undefined ? action() : network.run(action);
}

/** Runs `action` in a new UTS namespace with the given host name; it must be synchronous. */
export function withHostName<T>(name: string, action: () => T): T {
  unshare(newUts);
  try {
    setHostName(name);
    return action();
  } finally {
    goHome(homeUts, newUts);
  }
}

/** Runs `action` in a copy of the node's mount namespace; it must be synchronous. */
export function withOwnMounts<T>(action: () => T): T {
  homeMounts ??= openSync("/proc/thread-self/ns/mnt", "r");
  unshare(newMounts);
  try {
    return action();
  } finally {
    goHome(homeMounts, newMounts);
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
