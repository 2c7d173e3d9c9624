import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { findTool } from "../tools.ts";
import { ContainerLog } from "./container-log.ts";
import { inNetwork, type NetworkNamespace, withHostName, withOwnMounts } from "./namespaces.ts";
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
}

export interface ContainerExit {
  /** Exit code, or 128 + signal number. */
  readonly code: number;
}

/** A container could not be started: `message` says why. */
export class ContainerStartError extends Error {}

// By full path: the container's own PATH is not ours to look in.
const tools = { sh: tool("sh"), unshare: tool("unshare") };

/** Run by a shell in the container's new namespaces, as its process 1. A line on descriptor 3 says that all went well. */
const setUp = `
cd -- "$1"
shift
command -v -- "$1" >/dev/null || { echo "exec: \\"$1\\": executable file not found in \\$PATH" >&2; exit 127; }
echo started >&3
exec 3>&-
exec "$@"
`;

let serial = 0;

/** A program with mount, process, IPC and host name namespaces of its own, in a pod's network namespace. */
export class Container {
  /** What it printed, both streams as they came. */
  readonly log = new ContainerLog();
  readonly stderr = new ContainerLog();
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
    const container = new Container(spawnIn(directory, spec));
    void container.exited.then(() => rmSync(directory, { recursive: true, force: true }));
    await container.#started();
    return container;
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.exited = exitOf(child).finally(() => {
      this.#ended = true;
    });
    child.stdout?.on("data", (chunk: Buffer) => this.log.append(chunk));
    child.stderr?.on("data", (chunk: Buffer) => {
      this.log.append(chunk);
      this.stderr.append(chunk);
    });
  }

  /** The program's number in the node's process namespace. */
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
      throw new ContainerStartError(this.stderr.lastLine() ?? "the container's namespaces could not be made");
    this.#pid = firstChild(this.#child.pid);
  }
}

/** @throws ContainerStartError when its root directory cannot be put together. */
function spawnIn(directory: string, spec: ContainerSpec): ChildProcess {
  const namespaces = ["--mount", "--pid", "--ipc", "--fork", "--kill-child=KILL", "--mount-proc"];
  const shell = [tools.sh, "-euc", setUp, "sh", spec.workingDir, ...spec.argv];
  const stdio = ["ignore", "pipe", "pipe", "pipe"] as const;
  const start = () => spawn(tools.unshare, [...namespaces, ...shell], { env: spec.env, stdio: [...stdio] });
  try {
    const root = new ContainerRoot(directory, spec.root);
    const inRoot = () =>
      withOwnMounts(() => {
        root.enter();
        return start();
      });
    return inNetwork(spec.network, () => withHostName(spec.hostName, inRoot));
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw new ContainerStartError((error as Error).message);
  }
}

function exitOf(child: ChildProcess): Promise<ContainerExit> {
  return new Promise((resolve) => {
    child.once("error", () => resolve({ code: 127 }));
    child.once("close", (code, name) =>
      resolve({ code: code ?? 128 + (name ? constants.signals[name] : 0) }),
    );
  });
}

/** unshare(1) stays outside as the parent of process 1 of the new namespace. */
function firstChild(pid: number | undefined): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
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
