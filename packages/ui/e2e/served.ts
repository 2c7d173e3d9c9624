import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../cli/bin/portcullis.mjs", import.meta.url));

/** The command as a user starts it. */
export interface Served {
  /** Of the page, with the session's token. */
  readonly url: string;
  /** Resolves when it has ended, which it may have done before. */
  stop(): Promise<void>;
}

/** `portcullis ui`. */
export async function serve(...args: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [program, "ui", ...args], { stdio: ["ignore", "pipe", "inherit"] });
  return { url: await printedUrl(child, child.stdout), stop: () => ended(child, "SIGTERM") };
}

/** `portcullis up`: a sandbox, whose name begins so. */
export async function up(name: string, ...args: readonly string[]): Promise<Served> {
  const command = [program, "up", "--name", `${name}-${process.pid}`, ...args];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "ignore", "pipe"] });
  return { url: await printedUrl(child, child.stderr), stop: () => ended(child, "SIGINT") };
}

/** Read on after the address has come, so that it can go on printing. */
function printedUrl(child: ChildProcess, output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    output.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const [found] = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", () => reject(new Error(`it ended: ${text}`)));
  });
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}
