import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../cli/bin/portcullis.mjs", import.meta.url));

/** `portcullis ui` as a user starts it. */
export interface Served {
  /** With the session's token. */
  readonly url: string;
  stop(): Promise<void>;
}

export async function serve(...args: readonly string[]): Promise<Served> {
  const child: ChildProcess = spawn(process.execPath, [program, "ui", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [url] = (await once(createInterface(child.stdout!), "line")) as [string];
  return {
    url,
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}
