import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { cpuOf } from "./idle-cpu.ts";

const program = fileURLToPath(new URL("../../../packages/cli/bin/portcullis.mjs", import.meta.url));

type Revisions = Readonly<Record<string, string>>;

interface Line {
  readonly event?: string;
  readonly revisions?: Revisions;
  /** Of a line that says what was left out: of which event, and how many. */
  readonly suppressedEvent?: string;
  readonly count?: number;
}

/** `portcullis agent` as a process, in this one's network namespace; its log says when what is in force. */
export class AgentProcess {
  /** Programs that came into force, or were found to be. */
  programs = 0;
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #lines: string[] = [];
  #revisions: Revisions = {};
  readonly #listeners = new Set<(revisions: Revisions) => void>();
  readonly #waiting = new Set<() => void>();

  constructor(socketPath: string, nodeName: string, podCidr: string) {
    this.#directory = mkdtempSync(join(tmpdir(), "portcullis-agent-"));
    const where = ["--server", socketPath, "--node-name", nodeName, "--pod-cidr", podCidr];
    const rest = ["--state-dir", this.#directory, "--api-address", "off", "--log-level", "debug"];
    this.#child = spawn(process.execPath, [program, "agent", ...where, ...rest], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    createInterface({ input: this.#child.stderr! }).on("line", (line) => this.#take(line));
  }

  /** Resolves when this resourceVersion of a kind is in force. @throws Error after a minute, or when the agent ends. */
  async until(plural: string, revision: number): Promise<void> {
    const isReached = () => Number(this.#revisions[plural] ?? 0) >= revision;
    const end = performance.now() + 120_000;
    while (!isReached()) {
      if (this.#child.exitCode !== null || performance.now() > end)
        throw new Error(`the agent did not come so far:\n${this.#lines.slice(-10).join("\n")}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 500);
        this.#waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Told of programs that came into force: of all at up to twenty a second, else of some. Returns what ends that. */
  onProgram(listener: (revisions: Revisions) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when the log has told what it left out, which it does every ten seconds. */
  flushed(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 10_500));
  }

  /** Resident, without what it starts, in KiB. */
  get memory(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
    return Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? 0);
  }

  /** Used so far, with what it started, in milliseconds. */
  get cpu(): number {
    return cpuOf([this.#child.pid!]);
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    if (this.#child.exitCode === null) await once(this.#child, "exit");
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #take(text: string): void {
    this.#lines.push(text);
    if (this.#lines.length > 100) this.#lines.shift();
    const line = JSON.parse(text) as Line;
    if (line.event === "suppressed" && line.suppressedEvent === "programmed")
      this.programs += line.count ?? 0;
    if (line.event !== "programmed" || line.revisions === undefined) return;
    this.programs += 1;
    this.#revisions = line.revisions;
    for (const listener of this.#listeners) listener(line.revisions);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}
