import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { findTool } from "../../tools.ts";
import { ContainerStdio, type StdioSpec } from "../streams/container-stdio.ts";
import { firstChild } from "../system/first-child.ts";
import { inNetwork, type NetworkNamespace, withHostName, withOwnMounts } from "../system/namespaces.ts";
import { ContainerLog } from "./container-log.ts";
import { ContainerRoot, type RootPlan } from "./root/container-root.ts";

/** What runs in a container. */
export interface ContainerSpec {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly hostName: string;
  readonly root: RootPlan;
  /** Undefined is the node's own. */
  readonly network: NetworkNamespace | undefined;
  readonly stdio: StdioSpec;
}

export interface ContainerExit {
  /** Exit code, or 128 + signal number. */
  readonly code: number;
}

/** A container could not be started: `message` says why. */
export class ContainerStartError extends Error {}

// By full path: the container's own PATH is not ours to look in.
const tools = { sh: tool("sh"), unshare: tool("unshare"), setsid: tool("setsid") };

/**
 * Run by a shell in the container's new namespaces, as its process 1. A line on descriptor 3 says that all went well. The
 * second argument is what makes a terminal the controlling one, or nothing.
 */
const setUp = `
cd -- "$1"
session=$2
shift 2
command -v -- "$1" >/dev/null || { echo "exec: \\"$1\\": executable file not found in \\$PATH" >&2; exit 127; }
echo started >&3
exec 3>&-
exec $session "$@"
`;

let serial = 0;

/** A program with mount, process, IPC and host name namespaces of its own, in a pod's network namespace. */
export class Container {
  /** What it printed. */
  readonly log: ContainerLog;
  readonly stdio: ContainerStdio;
  /** Resolves when the program has ended, by itself or by `stop`. */
  readonly exited: Promise<ContainerExit>;
  readonly #child: ChildProcess;
  #pid = 0;
  #ended = false;

  /**
   * Resolves when the program runs in its finished namespaces.
   * @throws ContainerStartError when the program does not exist, or its directory, or a namespace cannot be made.
   */
  static async start(spec: ContainerSpec): Promise<Container> {
    const directory = `/run/containers/${++serial}`;
    const log = new ContainerLog();
    const stdio = new ContainerStdio(spec.stdio, log);
    const container = new Container(spawnIn(directory, spec, stdio), stdio, log);
    void container.exited.then(() => rmSync(directory, { recursive: true, force: true }));
    await container.#started();
    return container;
  }

  private constructor(child: ChildProcess, stdio: ContainerStdio, log: ContainerLog) {
    this.#child = child;
    this.log = log;
    this.stdio = stdio;
    stdio.adopt();
    this.exited = exitOf(child, stdio).finally(() => {
      this.#ended = true;
      log.end();
    });
  }

  /** The program's number in the node's process namespace; 0 when it had ended before that could be asked. */
  get pid(): number {
    return this.#pid;
  }

  /** Asks the program to end, and ends it when the grace is over; at once when it is deaf to the asking. */
  async stop(over: AbortSignal): Promise<void> {
    // Its numbers may be another process's by now.
    if (this.#ended) return;
    const kill = () => void (this.#ended || signal(this.#child.pid, "SIGKILL"));
    const asked = !over.aborted && heedsTerm(this.#pid) && signal(this.#pid, "SIGTERM");
    if (!asked) kill();
    over.addEventListener("abort", kill);
    await this.exited;
    over.removeEventListener("abort", kill);
  }

  async #started(): Promise<void> {
    // Not the end of the stream: unshare(1) keeps its copy of the descriptor for as long as the program runs.
    const news = this.#child.stdio[3] as Readable;
    const said = new Promise<boolean>((resolve) => news.once("data", () => resolve(true)));
    const started = await Promise.race([said, this.exited.then(() => false)]);
    news.destroy();
    if (!started)
      throw new ContainerStartError(this.log.lastLine() ?? "the container's namespaces could not be made");
    // unshare(1) stays outside as the parent of process 1 of the new namespace.
    this.#pid = firstChild(this.#child.pid);
  }
}

/** @throws ContainerStartError when its root directory cannot be put together. */
function spawnIn(directory: string, spec: ContainerSpec, stdio: ContainerStdio): ChildProcess {
  const namespaces = ["--mount", "--pid", "--ipc", "--fork", "--kill-child=KILL", "--mount-proc"];
  const session = spec.stdio.tty ? `${tools.setsid} --ctty` : "";
  const shell = [tools.sh, "-euc", setUp, "sh", spec.workingDir, session, ...spec.argv];
  const options = { env: spec.env, stdio: [...stdio.descriptors, "pipe"] as StdioOptions };
  const start = () => spawn(tools.unshare, [...namespaces, ...shell], options);
  try {
    const root = new ContainerRoot(directory, spec.root);
    const inRoot = () =>
      withOwnMounts(() => {
        root.enter();
        return start();
      });
    return inNetwork(spec.network, () => withHostName(spec.hostName, inRoot));
  } catch (error) {
    stdio.abandon();
    rmSync(directory, { recursive: true, force: true });
    throw new ContainerStartError((error as Error).message);
  }
}

async function exitOf(child: ChildProcess, stdio: ContainerStdio): Promise<ContainerExit> {
  const exit = await new Promise<ContainerExit>((resolve) => {
    child.once("error", () => resolve({ code: 127 }));
    child.once("close", (code, name) =>
      resolve({ code: code ?? 128 + (name ? constants.signals[name] : 0) }),
    );
  });
  await stdio.ended;
  return exit;
}

/** The kernel gives SIGTERM to process 1 of a namespace only when it has a handler (pid_namespaces(7)). */
function heedsTerm(pid: number): boolean {
  try {
    const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
    return ((BigInt(`0x${caught}`) >> BigInt(constants.signals.SIGTERM - 1)) & 1n) === 1n;
  } catch {
    return false;
  }
}

/** False when the process is gone. */
function signal(pid: number | undefined, name: NodeJS.Signals): boolean {
  try {
    return pid !== undefined && pid > 0 && process.kill(pid, name);
  } catch {
    return false;
  }
}

function tool(name: string): string {
  const path = findTool(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}
