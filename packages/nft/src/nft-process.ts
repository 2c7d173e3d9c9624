import { type Command, errorOfFile, errorOfLine, SEPARATOR } from "./error-position.ts";
import { formatOperation } from "./format-operation.ts";
import { formatTableRef } from "./format-table.ts";
import { formatName } from "./name.ts";
import type { Nft } from "./nft.ts";
import { NftChild } from "./nft-child.ts";
import { MISSING_PROGRAM, NftError, NftUnavailable } from "./nft-error.ts";
import { parseTable } from "./parse-table.ts";
import { runProgram } from "./run-program.ts";
import type { NftSet } from "./set.ts";
import type { Table, TableRef } from "./table.ts";
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
    const done = this.#queue.then(() => this.#run(commandsOf(transaction)));
    this.#queue = done.catch(() => {});
    return done;
  }

  async check(transaction: Transaction): Promise<void> {
    const commands = commandsOf(transaction);
    const text = commands.map((command) => `${command.text}\n`).join("");
    const { code, stderr } = await this.#spawn(["-c", "-f", "-"], text);
    if (code !== 0)
      throw errorOfFile(stderr, commands) ?? new NftError(stderr.trim() || `nft ended with code ${code}`);
  }

  list(table: TableRef): Promise<Table | undefined> {
    return this.#list(`table ${formatTableRef(table)}`);
  }

  async listSet(table: TableRef, set: string): Promise<NftSet | undefined> {
    const listed = await this.#list(`set ${formatTableRef(table)} ${formatName(set)}`);
    return listed?.sets.get(set);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue;
    await this.#child?.close();
    this.#child = undefined;
  }

  async #run(commands: readonly Command[]): Promise<void> {
    if (commands.length === 0) return;
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

  async #list(what: string): Promise<Table | undefined> {
    // Numbers throughout: names would depend on the /etc/protocols and /etc/services of the machine.
    const { code, stdout, stderr } = await this.#spawn(["-n", "list", ...what.split(" ")], "");
    if (code === 0) return parseTable(stdout);
    if (stderr.includes("No such file or directory")) return undefined;
    throw errorOfFile(stderr, []) ?? new NftError(stderr.trim() || `nft ended with code ${code}`);
  }

  async #spawn(
    args: readonly string[],
    input: string,
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const result = await runProgram([...this.#command, "nft", ...args], input, this.#timeoutMs);
    // What stands in front of nft says in its own way that it found no such program.
    if (
      result.code !== 0 &&
      /\bnft\b.*(not found|No such file or directory)\s*$/.test(result.stderr) &&
      !result.stderr.includes("Error:")
    )
      throw new NftUnavailable(`${MISSING_PROGRAM}: ${result.stderr.trim()}`);
    return result;
  }
}
