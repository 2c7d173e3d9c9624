import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject } from "@portcullis/kube";
import type { SandboxHandle } from "@portcullis/sandbox";
import type { Io } from "../io/io.ts";

/** Milliseconds; a change is in force within some tens of them. */
const patienceMs = 5000;

/**
 * Waits until the kernel enforces what was written or deleted, so that the next command meets the new state. Gives up
 * with a warning, because the change itself has been made.
 */
export async function waitEnforced(
  sandbox: SandboxHandle,
  objects: readonly KubeObject[],
  io: Io,
): Promise<void> {
  const late = new AbortController();
  const timeout = sleep(patienceMs, "late", { signal: late.signal }).catch(() => "");
  const enforced = Promise.all(objects.map((object) => sandbox.enforced(object))).then(() => "");
  if ((await Promise.race([enforced, timeout])) === "late") {
    enforced.catch(() => {});
    io.err(`${io.errColors.yellow("warning:")} not in force yet after ${patienceMs / 1000} s\n`);
  }
  late.abort();
}
