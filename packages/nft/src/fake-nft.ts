import {
  type BaseChains,
  baseChains,
  type Choose,
  type Evaluation,
  evaluatePacket,
} from "./evaluate-packet.ts";
import { applyOperation } from "./fake-operation.ts";
import {
  copyFakeTable,
  emptyFakeTable,
  type FakeTable,
  snapshotSet,
  snapshotTable,
  terseTable,
} from "./fake-table.ts";
import { checkFromBaseChains } from "./fake-validation.ts";
import { formatOperation } from "./format-operation.ts";
import { formatTable } from "./format-table.ts";
import type { TableListener, TableWatch, Writer } from "./monitor/table-listener.ts";
import type { Nft, SetRef } from "./nft.ts";
import { NftError, NftUnavailable } from "./nft-error.ts";
import type { Packet } from "./packet.ts";
import { parseTable } from "./parse-table.ts";
import { missing, Refusal } from "./refusal.ts";
import type { NftMap, NftSet } from "./set.ts";
import type { Table, TableRef } from "./table.ts";
import type { Operation, Transaction } from "./transaction.ts";

export interface FakeNftOptions {
  /** Stands for the random number by which DNAT picks an endpoint. Default: always the first. */
  readonly choose?: Choose;
}

function refText({ family, name }: TableRef): string {
  return `${family} ${name}`;
}

function step(ref: TableRef, draft: FakeTable | undefined, operation: Operation): FakeTable | undefined {
  if (operation.op === "add table") return draft ?? emptyFakeTable(ref);
  if (!draft) throw missing();
  if (operation.op === "delete table") return undefined;
  applyOperation(draft, operation);
  return draft;
}

/**
 * nftables in memory: takes and refuses transactions as the kernel does, and judges packets. Where the kernel lets an
 * overlap of interval keys pass because neither end of the new key lies in an old one, or deletes by the start of a
 * key alone, the fake refuses: both are mistakes of whoever wrote the transaction. Elements do not time out.
 */
export class FakeNft implements Nft {
  #tables: ReadonlyMap<string, FakeTable> = new Map();
  /** Of the tables as they are; undefined when they have changed since. */
  #bases: BaseChains | undefined;
  readonly #choose: Choose;
  readonly #failures: Error[] = [];
  readonly #listeners = new Map<TableListener, string>();
  #closed = false;

  constructor({ choose = () => 0 }: FakeNftOptions = {}) {
    this.#choose = choose;
  }

  /** Makes the next `run` that nothing else fails throw this error and commit nothing. */
  failNext(error: NftError | NftUnavailable): void {
    this.#failures.push(error);
  }

  async run(transaction: Transaction): Promise<void> {
    if (this.#closed) throw new NftUnavailable("the driver is closed");
    const failure = this.#failures.shift();
    if (failure) throw failure;
    this.#replace(this.#commit(transaction));
  }

  /** As somebody else would: whoever watches the table is told. */
  async runElsewhere(transaction: Transaction, by?: Writer): Promise<void> {
    this.#replace(this.#commit(transaction));
    const written = refText(transaction.table);
    for (const [listener, ref] of this.#listeners) if (ref === written) listener.onForeignWrite(by);
  }

  async check(transaction: Transaction): Promise<void> {
    this.#commit(transaction);
  }

  async list(table: TableRef): Promise<Table | undefined> {
    const found = this.#tables.get(refText(table));
    return found && snapshotTable(found);
  }

  async listTerse(table: TableRef): Promise<Table | undefined> {
    const found = this.#tables.get(refText(table));
    return found && terseTable(found);
  }

  async listElements(
    table: TableRef,
    objects: readonly SetRef[],
  ): Promise<ReadonlyMap<string, NftSet | NftMap>> {
    const { sets, maps } = this.#tables.get(refText(table)) ?? {};
    const found = new Map<string, NftSet | NftMap>();
    for (const { name, value } of objects) {
      const set = value === undefined ? sets?.get(name) : undefined;
      const object = set ? snapshotSet(set) : value === undefined ? undefined : maps?.get(name);
      if (object) found.set(name, object);
    }
    return found;
  }

  /** Hears at once, and tells of `runElsewhere` alone. */
  watch(table: TableRef, listener: TableListener): TableWatch {
    this.#listeners.set(listener, refText(table));
    listener.onHearing();
    listener.onDoubt();
    return {
      close: async () => {
        this.#listeners.delete(listener);
      },
    };
  }

  /** That of the nft whose ways it has. */
  async version(): Promise<string> {
    return "1.0.6";
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** All tables as text, in the manner of `nft -n list ruleset`. */
  dump(): string {
    return Array.from(this.#tables.values(), (table) => formatTable(snapshotTable(table))).join("\n");
  }

  /** Loads one table from a listing, in place of the one of that name. */
  load(text: string): void {
    const parsed = parseTable(text);
    const table: FakeTable = { ...emptyFakeTable(parsed) };
    for (const chain of parsed.chains.values())
      table.chains.set(chain.name, { name: chain.name, hook: chain.hook, rules: [] });
    for (const set of parsed.sets.values()) applyOperation(table, { op: "add set", set });
    for (const map of parsed.maps.values()) applyOperation(table, { op: "add map", map });
    for (const { name, rules } of parsed.chains.values())
      applyOperation(table, { op: "add rules", chain: name, rules });
    checkFromBaseChains(table);
    this.#replace(new Map(this.#tables).set(refText(table), table));
  }

  /**
   * Sends one packet through the base chains of all tables; counters and dynamic sets move.
   * @throws Error for an address that is none of the packet's family (our bug).
   */
  evaluate(packet: Packet): Evaluation {
    this.#bases ??= baseChains([...this.#tables.values()]);
    return evaluatePacket(this.#bases, packet, this.#choose);
  }

  #replace(tables: ReadonlyMap<string, FakeTable>): void {
    this.#tables = tables;
    this.#bases = undefined;
  }

  #commit({ table: ref, operations }: Transaction): ReadonlyMap<string, FakeTable> {
    const key = refText(ref);
    const before = this.#tables.get(key);
    let draft = before && copyFakeTable(before);
    for (const [index, operation] of operations.entries()) {
      // Formatting finds what could not even be written.
      const commands = formatOperation(ref, operation);
      try {
        draft = step(ref, draft, operation);
      } catch (error) {
        if (error instanceof Refusal) throw new NftError(error.message, commands[0], index);
        throw error;
      }
    }
    try {
      if (draft) checkFromBaseChains(draft);
    } catch (error) {
      if (error instanceof Refusal) throw new NftError(error.message);
      throw error;
    }
    const tables = new Map(this.#tables);
    if (draft) tables.set(key, draft);
    else tables.delete(key);
    return tables;
  }
}
