import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { BenchmarkOptions } from "./benchmark.ts";
import { registry } from "./registry.ts";
import type { Report } from "./report.ts";

const worker = fileURLToPath(new URL("../worker.js", import.meta.url));

/** Own user, network, mount and PID namespaces. Whatever ends the first process of these ends all of them. */
const namespaces = ["unshare", "-Urnm", "--fork", "--pid", "--mount-proc", "--kill-child"];
const inside = 'mount -t tmpfs tmpfs /run && mkdir /run/netns && exec "$@"';

/**
 * Runs one benchmark in a process of its own and resolves with its report. The process dies with this one, at
 * `signal`, and at its time limit.
 */
export async function runBenchmark(
  name: string,
  options: BenchmarkOptions,
  signal: AbortSignal,
): Promise<Report> {
  const entry = registry.get(name);
  if (entry === undefined) throw new Error(`there is no benchmark ${name}`);
  const node = [process.execPath, "--expose-gc", worker, name, JSON.stringify(options)];
  const wrapped = entry.isolated ? [...namespaces, "sh", "-c", inside, "sh", ...node] : node;
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...wrapped], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
    env: withSbin(process.env),
  });
  // Isolated, everything dies at once with the first process; otherwise the worker puts away what it has on the host.
  const kill = () => {
    child.kill(entry.isolated ? "SIGKILL" : "SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), 3_000).unref();
  };
  const timer = setTimeout(kill, entry.timeLimit * 1000);
  signal.addEventListener("abort", kill);
  try {
    return await reportOf(name, child);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
  }
}

async function reportOf(name: string, child: ChildProcess): Promise<Report> {
  let text = "";
  child.stdio[3]?.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (...end) => resolve(end));
  });
  if (code !== 0) throw new Error(`${name}: ${signal === null ? `exit code ${code}` : `ended by ${signal}`}`);
  return JSON.parse(text) as Report;
}

/** Debian keeps nft, ip and conntrack where the PATH of an ordinary user does not look. */
function withSbin(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...environment, PATH: `${environment.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin` };
}
