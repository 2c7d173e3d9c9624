import { type Command, errorOfFile, errorOfLine, SEPARATOR } from "./error-position.ts";
import { formatOperation } from "./format-operation.ts";
import { elementsIn, questionsOf } from "./listed-elements.ts";
import { NftMonitor } from "./monitor/nft-monitor.ts";
import type { Outcome } from "./monitor/own-writes.ts";
import type { TableListener, TableWatch } from "./monitor/table-listener.ts";
import type { ListingOptions, Nft, SetRef } from "./nft.ts";
import { NftChild } from "./nft-child.ts";
import { MISSING_PROGRAM, NftError, NftUnavailable } from "./nft-error.ts";
import { parseTable } from "./parse-table.ts";
import { inOnePiece, runProgram } from "./run-program.ts";
import type { NftMap, NftSet } from "./set.ts";
import type { Table, TableRef } from "./table.ts";
import { TerseListing } from "./terse-listing.ts";
import { TerseQuestion, type TerseWay, tableIn, whatToList } from "./terse-question.ts";
import type { Transaction } from "./transaction.ts";

export interface NftProcessOptions {
  /** What to put in front of `nft` and `sh`, e.g. an `nsenter` with its arguments. */
  readonly command?: readonly string[];
  /** How long nft may take for one transaction or listing. Default: a minute. */
  readonly timeoutMs?: number;
  /**
   * Characters after which the child makes way for a new one, for it keeps every line that it read. Default: 64 Mi,
   * which is ten minutes of a hundred changes a second of a thousand characters each.
   */
  readonly renewAfter?: number;
}

/** nft's words for an object that is not there. */
const ABSENT = "Error: No such file or directory";

function commandsOf(transaction: Transaction): Command[] {
  return transaction.operations.flatMap((operation, index) =>
    formatOperation(transaction.table, operation).map((text) => ({ text, operation: index })),
  );
}

/**
 * The nft program. Transactions go, one at a time and in the order of the calls, through one long-lived `nft -i`:
 * starting one for each costs ten times as much. A child that died is replaced at the next transaction.
 */
export class NftProcess implements Nft {
  readonly #command: readonly string[];
  readonly #timeoutMs: number;
  readonly #renewAfter: number;
  readonly #terse = new TerseListing();
  readonly #terseQuestion = new TerseQuestion();
  readonly #monitors = new Set<NftMonitor>();
  #child: NftChild | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor({ command = [], timeoutMs = 60_000, renewAfter = 64 * 1024 * 1024 }: NftProcessOptions = {}) {
    this.#renewAfter = renewAfter;
    this.#command = command;
    this.#timeoutMs = timeoutMs;
  }

  /** Process id of the running child, if there is one. */
  get pid(): number | undefined {
    return this.#child?.alive ? this.#child.pid : undefined;
  }

  run(transaction: Transaction): Promise<void> {
    if (this.#closed) return Promise.reject(new NftUnavailable("the driver is closed"));
    const done = this.#queue.then(() => this.#commit(transaction));
    this.#queue = done.catch(() => {});
    return done;
  }

  async check(transaction: Transaction): Promise<void> {
    const commands = commandsOf(transaction);
    const text = commands.map((command) => `${command.text}\n`).join("");
    const { code, stderr } = await this.#spawn(["nft", "-c", "-f", "-"], text);
    if (code !== 0)
      throw errorOfFile(stderr, commands) ?? new NftError(stderr.trim() || `nft ended with code ${code}`);
  }

  async list(table: TableRef): Promise<Table | undefined> {
    const text = await this.#list(whatToList("table", table));
    return text === undefined ? undefined : parseTable(text);
  }

  async listTerse(table: TableRef, { signal }: ListingOptions = {}): Promise<Table | undefined> {
    const listing = await this.#listTersely(this.#terseQuestion.next(), table, signal);
    const text = listing === undefined ? undefined : tableIn(listing, table);
    return text === undefined ? undefined : this.#terse.read(text);
  }

  async listElements(
    table: TableRef,
    objects: readonly SetRef[],
    { signal }: ListingOptions = {},
  ): Promise<ReadonlyMap<string, NftSet | NftMap>> {
    if (objects.length === 0) return new Map();
    const argv = inOnePiece(["nft", "-n", "-i"]);
    const { stdout, stderr } = await this.#spawn(argv, questionsOf(table, objects), signal);
    const wrong = stderr.split("\n").find((line) => line.includes("Error: ") && !line.includes(ABSENT));
    if (wrong !== undefined) throw errorOfFile(stderr, []) ?? new NftError(wrong);
    return elementsIn(stdout);
  }

  watch(table: TableRef, listener: TableListener): TableWatch {
    const monitor = new NftMonitor({ command: this.#command, table, listener });
    this.#monitors.add(monitor);
    return {
      close: async () => {
        this.#monitors.delete(monitor);
        await monitor.close();
      },
    };
  }

  async version(): Promise<string> {
    const { stdout, stderr } = await this.#spawn(["nft", "--version"], "");
    const version = /\bv?([0-9]+(?:\.[0-9]+)+)/.exec(stdout)?.[1];
    if (version === undefined) throw new NftError(`nft tells no version: ${(stdout + stderr).trim()}`);
    return version;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue;
    await this.#child?.close();
    this.#child = undefined;
    await Promise.all([...this.#monitors].map((monitor) => monitor.close()));
  }

  async #commit(transaction: Transaction): Promise<void> {
    const commands = commandsOf(transaction);
    if (commands.length === 0) return;
    const ends = [...this.#monitors].map((monitor) => monitor.writing(transaction.table));
    let outcome: Outcome = "committed";
    try {
      await this.#run(commands);
    } catch (error) {
      outcome = error instanceof NftError ? "refused" : "unknown";
      throw error;
    } finally {
      for (const end of ends) end(outcome);
    }
  }

  async #run(commands: readonly Command[]): Promise<void> {
    if (this.#child && this.#child.sent > this.#renewAfter) {
      await this.#child.close();
      this.#child = undefined;
    }
    if (!this.#child?.alive) this.#child = new NftChild(this.#command);
    const line = commands.map((command) => command.text).join(SEPARATOR);
    const output = await this.#child.ask(line, this.#timeoutMs);
    const error = errorOfLine(output, commands);
    if (error) throw error;
  }

  async #listTersely(way: TerseWay, table: TableRef, signal?: AbortSignal): Promise<string | undefined> {
    const began = performance.now();
    try {
      const listing = await this.#list(["-t", ...whatToList(way, table)], signal);
      this.#terseQuestion.took(way, performance.now() - began);
      return listing;
    } catch (error) {
      this.#terseQuestion.took(way, Number.POSITIVE_INFINITY);
      // What others wrote can be more than this nft understands.
      if (way === "table" || signal?.aborted) throw error;
      return await this.#listTersely("table", table, signal);
    }
  }

  /** Undefined when there is no such thing. */
  async #list(what: readonly string[], signal?: AbortSignal): Promise<string | undefined> {
    // Numbers throughout: names would depend on the /etc/protocols and /etc/services of the machine.
    const { code, stdout, stderr } = await this.#spawn(inOnePiece(["nft", "-n", ...what]), "", signal);
    if (code === 0) return stdout;
    if (stderr.includes(ABSENT)) return undefined;
    throw errorOfFile(stderr, []) ?? new NftError(stderr.trim() || `nft ended with code ${code}`);
  }

  async #spawn(
    argv: readonly string[],
    input: string,
    signal?: AbortSignal,
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const result = await runProgram([...this.#command, ...argv], input, this.#timeoutMs, signal);
    // What stands in front of nft says in its own way that it found no such program.
    const notFound = /\bnft\b.*(not found|No such file or directory)\s*$/.test(result.stderr);
    const words = result.stderr.trim();
    if (result.code !== 0 && notFound && !result.stderr.includes("Error:"))
      throw new NftUnavailable(`${MISSING_PROGRAM}: ${words}`);
    // nft ends with 0 or 1. More is the shell's or env's way of saying that there was nothing to run, or that a signal
    // ended it (POSIX); what it said until then is not all.
    if (result.code === null || result.code > 1)
      throw new NftUnavailable(words || `nft ended with code ${result.code}`);
    return result;
  }
}
