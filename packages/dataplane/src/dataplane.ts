import { type Address, type Cidr, judge, type Program, ProgramIndex } from "@portcullis/engine";
import { type Nft, plan, type Table, tableDifference } from "@portcullis/nft";
import type { Connection, Connections } from "./connection.ts";
import { type RuleCounter, ruleCounters } from "./counters.ts";
import { type Drop, readDrops } from "./drops.ts";
import { table } from "./names.ts";
import { type Rendered, Renderer } from "./render.ts";

export interface DataplaneOptions {
  readonly nft: Nft;
  readonly connections: Connections;
  /** Addresses that belong to local pods; one that is not programmed yet is closed. */
  readonly podCidrs: readonly Cidr[];
  /** What a denied packet gets (default `drop`). */
  readonly denied?: "drop" | "reject";
  /** What becomes of a connection that a change denies (default `cut`). */
  readonly established?: "cut" | "keep";
}

export interface Applied {
  /** Whether anything had to be written. */
  readonly changed: boolean;
  /** Connections that the change denies, and that were cut. */
  readonly cut: readonly Connection[];
}

/**
 * Keeps the kernel's table equal to a program. Calls must not overlap. After a failure the kernel's state counts as
 * unknown, and the next `apply` reads it back before it decides what to write.
 */
export class Dataplane {
  readonly #nft: Nft;
  readonly #connections: Connections;
  readonly #established: "cut" | "keep";
  readonly #renderer: Renderer;
  #actual: Table | undefined;
  #rendered: Rendered | undefined;
  /** Held for as long as it is in force: parts that the next program shares with it are then the same objects. */
  #program: Program | undefined;
  /** Rules have changed since connections were last held against them. */
  #cutOwed = false;

  constructor(options: DataplaneOptions) {
    this.#nft = options.nft;
    this.#connections = options.connections;
    this.#established = options.established ?? "cut";
    this.#renderer = new Renderer({ podCidrs: options.podCidrs, denied: options.denied ?? "drop" });
  }

  /** Makes `program` what is in force, then cuts the connections that it denies. */
  async apply(program: Program): Promise<Applied> {
    const rendered = this.#renderer.render(program);
    const before = this.#actual ?? (await this.#nft.list(table));
    this.#actual = undefined;
    const transactions = plan(before, rendered.table);
    for (const transaction of transactions) await this.#nft.run(transaction);
    this.#actual = rendered.table;
    this.#rendered = rendered;

    if (transactions.length > 0) this.#cutOwed = true;
    const cut = this.#established === "cut" && this.#cutOwed ? await this.#cut(program) : [];
    this.#cutOwed = false;
    this.#program = program;
    return { changed: transactions.length > 0, cut };
  }

  /** Flows denied in the last minutes, with counts. */
  drops(): Promise<readonly Drop[]> {
    return readDrops(this.#nft);
  }

  /** New connections by policy rule, since the rule's chain was written. */
  async counters(): Promise<readonly RuleCounter[]> {
    const actual = await this.#nft.list(table);
    return actual === undefined || this.#rendered === undefined
      ? []
      : ruleCounters(actual, this.#rendered.refs);
  }

  /** Where the kernel's table differs from what was written last, one line each; empty when it does not. */
  async drift(): Promise<readonly string[]> {
    if (this.#rendered === undefined) return [];
    return tableDifference(await this.#nft.list(table), this.#rendered.table);
  }

  /** Forgets what is in force, so that the next `apply` reads it back and mends what drifted. */
  distrust(): void {
    this.#actual = undefined;
  }

  /** Removes our table, and nothing else: what it isolated is open from then on. */
  async remove(): Promise<void> {
    if ((await this.#nft.list(table)) !== undefined) {
      await this.#nft.run({ table, operations: [{ op: "delete table" }] });
    }
    this.#actual = undefined;
    this.#rendered = undefined;
    this.#program = undefined;
  }

  /**
   * The new rules are in force already, so whatever is found here either was open before or obeys them. A connection
   * of a pod that is gone goes too: its address may be another pod's next.
   */
  async #cut(program: Program): Promise<readonly Connection[]> {
    const index = new ProgramIndex(program);
    const [before, present] = [addressesOf(this.#program), addressesOf(program)];
    const isGone = ({ text }: Address) => before.has(text) && !present.has(text);
    const denied = (await this.#connections.list()).filter((connection) => {
      if (isGone(connection.source) || isGone(connection.destination)) return true;
      return !judge(index, connection).allowed;
    });
    await this.#connections.cut(denied);
    return denied;
  }
}

function addressesOf(program: Program | undefined): ReadonlySet<string> {
  return new Set(program?.pods.flatMap((pod) => pod.addresses.map((address) => address.text)));
}
