import { spawn } from "node:child_process";
import { inNetwork, type NetworkNamespace } from "./namespaces.ts";

/**
 * Runs commands of ip(8) as one batch: one process for all of them, in order, stopping at the first that fails.
 * @param network Where to run it; the node's own when absent.
 * @throws Error with ip's own words and the command that it stopped at.
 */
export function ipBatch(commands: readonly string[], network?: NetworkNamespace): Promise<void> {
  if (commands.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const child = inNetwork(network, () =>
      spawn("ip", ["-batch", "-"], { stdio: ["pipe", "ignore", "pipe"] }),
    );
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    // A batch that fails early closes its end; what counts is its exit code.
    child.stdin.on("error", () => {});
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(describe(stderr, commands)));
    });
    child.stdin.end(`${commands.join("\n")}\n`);
  });
}

function describe(stderr: string, commands: readonly string[]): string {
  const line = /^Command failed -:(\d+)$/m.exec(stderr)?.[1];
  const words = stderr.replace(/^Command failed.*$/m, "").trim();
  const command = line === undefined ? undefined : commands[Number(line) - 1];
  return command === undefined ? `ip -batch: ${words}` : `ip ${command}: ${words}`;
}
