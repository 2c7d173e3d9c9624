import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setns } from "./libc.ts";

const newNetwork = 0x40000000;
const home = openSync("/proc/thread-self/ns/net", "r");

/**
 * Runs `action` with the main thread in another network namespace: sockets made and programs started there stay there.
 * Synchronous, so that nothing else ever runs in the wrong namespace.
 */
export function inNamespace<T>(name: string, action: () => T): T {
  const target = openSync(namespacePath(name), "r");
  try {
    setns(target, newNetwork);
    return action();
  } finally {
    setns(home, newNetwork);
    closeSync(target);
  }
}

function namespacePath(name: string): string {
  return `/run/netns/${name}`;
}

/** What to put in front of a program so that it runs in the namespace. */
export function enterCommand(name: string): readonly string[] {
  return ["nsenter", `--net=${namespacePath(name)}`];
}

/** Runs a program to its end with `input`, and throws with its own words when it fails. */
export function runTool(program: string, args: readonly string[], input = ""): string {
  const result = spawnSync(program, args, { input, encoding: "utf8", maxBuffer: 256 << 20 });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${result.stderr.trim()}`);
  return result.stdout;
}
