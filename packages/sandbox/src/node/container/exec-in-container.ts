import { spawn } from "node:child_process";
import { findTool } from "../../tools.ts";
import type { ExecOutcome } from "../pod/probes/check.ts";
import type { Launched } from "./launch.ts";

const longestOutput = 64 << 10;
const lastWordsMs = 100;

/** Runs a program beside a container's own, for a probe or a hook. Rejects when it cannot be spawned. */
export function execInContainer(
  { container, env, workingDir }: Launched,
  command: readonly string[],
  timeoutMs: number,
): Promise<ExecOutcome> {
  const enter = ["-t", String(container.pid), "-n", "-m", "-u", "-i", "-p", "--"];
  const within = [findTool("env") ?? "env", "-C", workingDir];
  return new Promise((resolve, reject) => {
    const nsenter = findTool("nsenter") ?? "nsenter";
    // A process group of its own, so that all of it can be ended.
    const child = spawn(nsenter, [...enter, ...within, ...command], {
      detached: true,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let timedOut = false;
    const keep = (chunk: Buffer) => {
      if (output.length < longestOutput) output += chunk.toString("utf8");
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child.pid);
    }, timeoutMs);
    const letGo = () => {
      child.stdout.destroy();
      child.stderr.destroy();
    };
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    // Something that the program left behind may hold its output open for as long as it likes.
    child.once("exit", () => setTimeout(letGo, lastWordsMs));
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 137, output: output.trimEnd(), timedOut });
    });
  });
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It ended in this very moment.
  }
}
