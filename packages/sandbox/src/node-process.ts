import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { SandboxError } from "./error.ts";
import type { NodeConfig, NodeMessage } from "./node-message.ts";

const namespaces = ["--user", "--map-root-user", "--net", "--mount", "--pid", "--ipc", "--uts"];

// Compiled code, also when this file is run from its source: Node runs it without a loader.
const entry = fileURLToPath(new URL("../dist/node/main.js", import.meta.url));

/**
 * The node part as a process of this one. Whichever of the two, or of what is between them, is killed: the kernel
 * ends the rest. setpriv(1) ties unshare(1) to us, unshare ties the shell to itself, the shell is process 1 of the
 * new namespace (it reaps what is orphaned in there), and the node part also ends when its channel closes.
 */
export class NodeProcess {
  /** Resolves when everything inside is gone, with what there is to say about it. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  #stderr = "";
  #stopped = false;

  constructor(config: NodeConfig, searchPath: string, log: (line: string) => void) {
    const inside = ["sh", "-c", '"$0" "$@"; exit $?', process.execPath, entry, JSON.stringify(config)];
    const unshare = ["unshare", ...namespaces, "--fork", "--mount-proc", "--kill-child=KILL", "--"];
    this.#child = spawn("setpriv", ["--pdeathsig", "KILL", "--", ...unshare, ...inside], {
      // Its own session: a terminal's Ctrl-C is for us alone.
      detached: true,
      env: { PATH: searchPath, HOME: "/root", LC_ALL: "C.UTF-8" },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child.stdout?.on("data", (chunk: Buffer) => log(chunk.toString("utf8").trimEnd()));
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      const text = chunk.toString("utf8");
      this.#stderr = (this.#stderr + text).slice(-4096);
      log(text.trimEnd());
    });
    this.#child.on("message", (message: NodeMessage) => {
      if (message.type === "log") log(message.line);
      if (message.type === "stopped") this.#stopped = true;
    });
    this.ended = this.#end();
  }

  /** Host's process id of process 1 inside. */
  get initPid(): number {
    const pid = this.#child.pid;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
  }

  /** @throws SandboxError `failed` with what went wrong. */
  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child.on("message", (message: NodeMessage) => {
        if (message.type === "ready") resolve();
        if (message.type === "failed") reject(new SandboxError("failed", message.message));
      });
      void this.ended.then((words) => reject(new SandboxError("failed", words)));
    });
  }

  /** Resolves when everything inside is gone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    // Any message means stop. Not disconnect(): after that Node never tells that the child's streams are closed.
    if (this.#child.connected) this.#child.send("stop");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 3_000);
    await this.ended;
    clearTimeout(timer);
  }

  #end(): Promise<string> {
    return new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(error.message));
      this.#child.once("close", (code, signal) => {
        if (this.#stopped) return resolve("stopped");
        const how = signal === null ? `with code ${code}` : `by ${signal} (${constants.signals[signal]})`;
        resolve(`the node part ended ${how}${this.#stderr === "" ? "" : `: ${this.#stderr.trim()}`}`);
      });
    });
  }
}
