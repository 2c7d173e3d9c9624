import { fileURLToPath } from "node:url";
import { JsonProcess } from "./json-process.ts";
import { podCidrs } from "./node-namespace.ts";

const program = fileURLToPath(new URL("agent-process.mjs", import.meta.url));

/** The node agent as a process inside the node's namespaces, which can be killed and started anew. */
export class KillableAgent {
  readonly #argv: readonly string[];
  readonly #listeners = new Set<() => void>();
  /** What it has said of all its lives, for a failure's message. */
  readonly log: string[] = [];
  #process: JsonProcess | undefined;
  #revisions: Readonly<Record<string, string>> = {};
  #nftPid: number | undefined;
  #programs = 0;
  #mends = 0;

  constructor(command: readonly string[], socketPath: string, nodeName: string) {
    const config = { socketPath, nodeName, podCidrs, driftCheckMs: 150 };
    this.#argv = [...command, process.execPath, program, JSON.stringify(config)];
  }

  /** Times that it found its table changed, and mended it. */
  get mends(): number {
    return this.#mends;
  }

  /** Times that a program came into force, or proved to be. */
  get programs(): number {
    return this.#programs;
  }

  start(): void {
    this.#process = new JsonProcess(this.#argv, ({ revisions, nft, mended, log }) => {
      if (log !== undefined) this.log.push(String(log));
      if (mended !== undefined) this.#mends += 1;
      if (revisions === undefined) return;
      this.#revisions = revisions as Readonly<Record<string, string>>;
      this.#nftPid = nft as number | undefined;
      this.#programs += 1;
      for (const listener of [...this.#listeners]) listener();
    });
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#revisions = {};
    this.#nftPid = undefined;
  }

  /** Only the program that speaks to the kernel. */
  killNft(): void {
    if (this.#nftPid === undefined) return;
    try {
      process.kill(this.#nftPid, "SIGKILL");
    } catch {
      // Just gone by itself.
    }
    this.#nftPid = undefined;
  }

  /** Resolves when `condition` holds after a program has come into force. @throws Error after 20 s. */
  async until(condition: () => boolean, what: string): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#listeners.delete(look);
      };
      const look = () => {
        if (!condition()) return;
        done();
        resolve();
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`not after 20 s: ${what}; the agent said:\n${this.log.slice(-20).join("\n")}`));
      }, 20_000);
      this.#listeners.add(look);
    });
  }

  /** Resolves when these resourceVersions, by kind, are in force. */
  enforced(versions: ReadonlyMap<string, bigint>): Promise<void> {
    const reached = () =>
      [...versions].every(([plural, version]) => BigInt(this.#revisions[plural] ?? 0) >= version);
    return this.until(reached, `revisions ${[...versions].join(" ")}`);
  }
}
