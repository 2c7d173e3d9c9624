import { type ChildProcessByStdio, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { killGroup } from "../kill-group.ts";
import { PLAIN_ENVIRONMENT } from "../run-program.ts";
import type { TableRef } from "../table.ts";
import { listensToNftables } from "./netlink-sockets.ts";

/**
 * nft's monitor would outlive us until the next change of somebody's table. So a shell waits beside it for its input to
 * end, as it does when we end, however that is. Only the monitor holds the output: when that ends, it has. It writes word
 * by word, each of which would wake us up: grep makes lines of them, and passes what says whose a change is. What nft
 * says of rules that iptables wrote, and that it cannot translate, is not passed: there may be thousands of them.
 */
const script = `exec 3<&0
ulimit -v "$1" 2>/dev/null
{ trap : PIPE; nft monitor 2>&1 3<&- & echo $!; exec >&-; read -r end <&3; kill $! 2>/dev/null; } |
  grep --line-buffered -oE "$0" 3<&- &
exec >&- 3<&-; wait`;

/** A process number; remarks, warnings and errors as they are; of changes to the table, that they are. */
const passed = ({ family, name }: TableRef): string =>
  `^([0-9]+$|#.*|W: .*|[a-z]+ [a-z]+ ${family} ${name}( |$)|.*(rror|ermitted|emory|BUG: |nft: .*not found).*)`;

/** Between two looks at whether it listens, and how long it may take until that is taken for granted. */
const lookMs = 20;
const longestMs = 10_000;

/** One running `nft monitor`. */
export class MonitorChild {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #onOutput: (chunk: string) => void;
  /** Resolves when it has ended, by itself or by `close`. */
  readonly ended: Promise<void>;
  #head = "";
  #pid: number | undefined;
  #isOver = false;

  /**
   * `command` stands in front of `sh`. The monitor ends when it wants more than `memoryKiB` of address space. `onOutput`
   * gets what nft prints of the table, and what is no change of any.
   */
  constructor(
    command: readonly string[],
    table: TableRef,
    memoryKiB: number,
    onOutput: (chunk: string) => void,
  ) {
    const [program = "sh", ...args] = [...command, "sh", "-c", script, passed(table), `${memoryKiB}`];
    this.#onOutput = onOutput;
    // A session of its own, as every nft of ours: Ctrl-C is for the program that uses us.
    this.#child = spawn(program, args, {
      stdio: ["pipe", "pipe", "ignore"],
      env: PLAIN_ENVIRONMENT,
      detached: true,
    });
    this.#child.stdin.on("error", () => {});
    const output = this.#child.stdout.setEncoding("utf8");
    output.on("data", (chunk: string) => this.#read(chunk));
    this.ended = new Promise((resolve) => {
      this.#child.on("close", () => resolve());
      this.#child.on("error", (error) => {
        this.#onOutput(`${error.message}\n`);
        output.destroy();
        resolve();
      });
    });
    output.on("close", () => {
      this.#isOver = true;
      this.#child.stdin.end();
    });
  }

  /** Of nft itself; undefined until it is known. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** Resolves when the kernel tells it of changes: whether it does, for it may end before. */
  async listening(): Promise<boolean> {
    const deadline = performance.now() + longestMs;
    while (!this.#isOver && performance.now() < deadline) {
      if (this.#pid !== undefined && (await this.#listens(this.#pid))) return true;
      await sleep(lookMs);
    }
    return !this.#isOver;
  }

  async close(): Promise<void> {
    // All at once, also what was stopped, and if the shell went before.
    if (this.#child.pid !== undefined && !this.#isOver) killGroup(this.#child.pid);
    await this.ended;
  }

  #read(chunk: string): void {
    if (this.#pid !== undefined) {
      this.#onOutput(chunk);
      return;
    }
    this.#head += chunk;
    const end = this.#head.indexOf("\n");
    if (end < 0) return;
    this.#pid = Number(this.#head.slice(0, end));
    this.#onOutput(this.#head.slice(end + 1));
  }

  async #listens(pid: number): Promise<boolean> {
    const sockets = await readFile(`/proc/${pid}/net/netlink`, "utf8").catch(() => "");
    return listensToNftables(sockets, pid);
  }
}
