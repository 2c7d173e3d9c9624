import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { MISSING_PROGRAM, NftUnavailable } from "./nft-error.ts";
import { PLAIN_ENVIRONMENT, WITHOUT_HISTORY } from "./run-program.ts";

interface Waiting {
  /** The question that ends the answer, as nft echoes it. */
  readonly marker: string;
  /** Matches nft's complaint about the marker. */
  readonly end: RegExp;
  readonly resolve: (output: string) => void;
  readonly reject: (error: NftUnavailable) => void;
  readonly timer: NodeJS.Timeout;
}

const INTERACTIVE = `${WITHOUT_HISTORY}; exec nft -i 2>&1`;

/** What nft says when the kernel does not let it look at its tables. */
const BLIND = "cache initialization failed";

/**
 * One interactive nft. A line is a transaction. nft says nothing when it succeeds, so each line is followed by a
 * question about a table that does not exist: its error marks the end of the answer. Standard error shares the pipe
 * with standard output, for on a pipe of its own it can arrive out of order.
 */
export class NftChild {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #exited: Promise<void>;
  #output = "";
  #waiting: Waiting | undefined;
  #runs = 0;
  #sent = 0;
  #gone: NftUnavailable | undefined;

  constructor(command: readonly string[]) {
    const [program = "sh", ...args] = [...command, "sh", "-c", INTERACTIVE];
    // A session of its own: Ctrl-C ends the program that uses us, which may still want to clean up. nft ends by itself
    // when its input does, however that program ended.
    this.#child = spawn(program, args, {
      stdio: ["pipe", "pipe", "ignore"],
      env: PLAIN_ENVIRONMENT,
      detached: true,
    });
    this.#child.stdout.setEncoding("utf8").on("data", (chunk: string) => this.#read(chunk));
    this.#child.stdin.on("error", () => {});
    this.#child.on("error", (error) => this.#end(new NftUnavailable(error.message)));
    this.#child.on("exit", () => {
      if (this.#gone) this.#end(this.#gone);
    });
    this.#exited = new Promise((resolve) => {
      this.#child.on("close", (code, signal) => {
        const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
        const said = this.#output.trim() ? `: ${this.#output.trim().slice(-500)}` : "";
        this.#end(new NftUnavailable(code === 127 ? `${MISSING_PROGRAM}${said}` : `nft ${how}${said}`));
        resolve();
      });
      this.#child.on("error", () => resolve());
    });
  }

  /** Process id; undefined when it could not be started. With a command in front, that of the command. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get alive(): boolean {
    return this.#gone === undefined;
  }

  /** Characters sent so far, all of which the child remembers as its history. */
  get sent(): number {
    return this.#sent;
  }

  /**
   * Sends one line and resolves with what nft printed, which is nothing on success. One at a time.
   * @throws NftUnavailable when nft ends or does not answer in time; then this child is of no more use.
   */
  async ask(line: string, timeoutMs: number): Promise<string> {
    if (this.#gone) throw this.#gone;
    const marker = `list chain inet pc_end_${++this.#runs} c_end`;
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        // It may be in the midst of a commit, and only its end tells that nothing comes any more.
        this.#gone ??= new NftUnavailable(`nft did not answer within ${timeoutMs} ms`);
        this.#child.kill("SIGKILL");
      }, timeoutMs);
      const end = new RegExp(`[^\\n]*Error: [^\\n]*\\n${marker}\\n[^\\n]*\\n`);
      this.#waiting = { marker, end, resolve, reject, timer };
      const lines = `${line}\n${marker}\n`;
      this.#sent += lines.length;
      this.#child.stdin.write(lines);
    });
  }

  /** Ends the child; it gets a second to go by itself. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 1000);
    await this.#exited;
    clearTimeout(timer);
  }

  #read(chunk: string): void {
    this.#output += chunk;
    // nft points at a word of a long line character by character: most chunks are tiny, so this must cost little.
    const from = Math.max(0, this.#output.length - chunk.length - 500);
    if (this.#waiting && this.#output.indexOf(BLIND, from) >= 0) {
      this.#giveUp();
      return;
    }
    if (!this.#waiting || this.#output.indexOf(this.#waiting.marker, from) < 0) return;
    const tail = this.#output.slice(from);
    const match = this.#waiting.end.exec(tail);
    if (!match) return;
    const { resolve, timer } = this.#waiting;
    const output = this.#output.slice(0, from + match.index);
    this.#output = "";
    this.#waiting = undefined;
    clearTimeout(timer);
    resolve(output);
  }

  /** Nothing that needs to know what the kernel has will be answered, the marker least of all. */
  #giveUp(): void {
    this.#child.kill("SIGKILL");
    this.#end(new NftUnavailable(`nft cannot see what the kernel has: ${this.#output.trim().slice(-500)}`));
  }

  #end(reason: NftUnavailable): void {
    this.#gone ??= reason;
    if (!this.#waiting) return;
    clearTimeout(this.#waiting.timer);
    this.#waiting.reject(this.#gone);
    this.#waiting = undefined;
  }
}
