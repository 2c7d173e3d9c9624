import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const portcullis = fileURLToPath(new URL("../../packages/cli/bin/portcullis.mjs", import.meta.url));

/** `portcullis agent` as a DaemonSet runs it, in a node's network namespace; it can be killed and started anew. */
export class NodeAgent {
  /** What it has logged in all its lives. */
  readonly lines: Readonly<Record<string, unknown>>[] = [];
  /** What was printed that is no line of a log. */
  readonly said: string[] = [];
  readonly #command: readonly string[];
  readonly #args: readonly string[];
  readonly #program: string;
  #child: ChildProcessByStdio<null, null, Readable> | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  /** `command` enters the node. */
  constructor(command: readonly string[], args: readonly string[], program = portcullis) {
    this.#command = command;
    this.#args = args;
    this.#program = program;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** `more` are options for this life only. */
  start(...more: readonly string[]): void {
    const [program = "", ...args] = [
      ...this.#command,
      process.execPath,
      this.#program,
      "agent",
      ...this.#args,
      ...more,
    ];
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
    this.#child = child;
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (line.startsWith("{")) this.lines.push(JSON.parse(line));
      else this.said.push(line);
    });
    this.#ended = once(child, "close");
  }

  /** As a machine's failure ends it, or as a kubelet does; gives the exit code. */
  async end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    this.#child?.kill(signal);
    await this.#ended;
    return this.#child?.exitCode ?? null;
  }

  /** The exit code, when it ends by itself. */
  async code(): Promise<number | null> {
    await this.#ended;
    return this.#child?.exitCode ?? null;
  }

  /** Resolves when its log has such a line, from `from` on. @throws Error after 15 s, with what it logged. */
  async logged(what: (line: Readonly<Record<string, unknown>>) => boolean, from = 0): Promise<void> {
    const deadline = performance.now() + 15_000;
    while (!this.lines.slice(from).some(what)) {
      if (performance.now() > deadline)
        throw new Error(`not logged after 15 s; the agent said:\n${this.tail()}`);
      await sleep(10);
    }
  }

  /** Resolves when a condition is set for this reason. */
  condition(type: string, reason: string, from = 0): Promise<void> {
    return this.logged(
      (line) => line.condition === type && line.status === true && line.reason === reason,
      from,
    );
  }

  tail(): string {
    return [...this.lines.slice(-25).map((line) => JSON.stringify(line)), ...this.said.slice(-25)].join("\n");
  }
}
