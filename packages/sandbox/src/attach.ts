import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SandboxHandle, SandboxInfo } from "./contract.ts";
import { stateFiles } from "./control.ts";
import { ask } from "./control-client.ts";
import { SandboxError } from "./error.ts";
import { SocketHandle } from "./handle.ts";
import { Lock } from "./lock.ts";
import { checkName, checkPrivate } from "./state-directory.ts";

const startTimeoutMs = 10_000;

/**
 * Finds a sandbox that another process of this user started; waits for one that is still starting.
 * @throws SandboxError `not-running`.
 */
export async function attachSandbox(name = "default"): Promise<SandboxHandle> {
  checkName(name);
  const deadline = performance.now() + startTimeoutMs;
  for (;;) {
    const holder = await Lock.holder(name);
    if (holder === undefined) throw notRunning(name);
    const { pid, stateDirectory } = holder;
    const info = readInfo(stateDirectory);
    if (info !== undefined && info.pid === pid) {
      checkPrivate(stateDirectory);
      return handle(info, stateDirectory);
    }
    if (performance.now() > deadline)
      throw new SandboxError("not-running", `sandbox ${name} (process ${pid}) is starting for too long`);
    await sleep(50);
  }
}

function handle(info: SandboxInfo, directory: string): SandboxHandle {
  const ended = () => untilReleased(info);
  const stop = async () => {
    await ask(join(directory, stateFiles.control), "stop", {});
    await ended();
  };
  return new SocketHandle(info, directory, { ended, stop });
}

/** Its supervisor gives up the lock last of all. */
async function untilReleased({ name, pid }: SandboxInfo): Promise<string> {
  while ((await Lock.holder(name))?.pid === pid) await sleep(100);
  return "stopped";
}

function readInfo(directory: string): SandboxInfo | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, stateFiles.info), "utf8")) as SandboxInfo;
  } catch {
    // Not written yet, or just removed.
    return undefined;
  }
}

function notRunning(name: string): SandboxError {
  const option = name === "default" ? "" : ` --name ${name}`;
  return new SandboxError(
    "not-running",
    `no sandbox named ${name} runs`,
    `start it with: portcullis up${option}`,
  );
}
