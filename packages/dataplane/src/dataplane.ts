import type { Cidr, LocalPod, Program } from "@portcullis/engine";
import {
  type Nft,
  NftParseError,
  plan,
  type Table,
  type TableListener,
  type TableWatch,
  tableDifference,
} from "@portcullis/nft";
import type { Connection, Connections } from "./connection.ts";
import { type RuleCounter, ruleCounters } from "./counters.ts";
import { DeniedConnections } from "./denied-connections.ts";
import { departedAddresses, departedPods } from "./departed.ts";
import { DriftSearch } from "./drift-search.ts";
import { type AllowedFlow, allowedReader, type Drop, dropReader, readAllowed, readDrops } from "./drops.ts";
import type { FlowReader } from "./flow-reader.ts";
import { table } from "./names.ts";
import type { PodLinks } from "./node/pod-links.ts";
import { type PlanFromKernel, planFromKernel, unreadable } from "./plan-from-kernel.ts";
import { readTable } from "./read-table.ts";
import { removeTable } from "./remove-table.ts";
import { type Rendered, Renderer } from "./render.ts";
import type { SkeletonOptions } from "./skeleton.ts";

export interface DataplaneOptions extends DataplaneSettings {
  readonly nft: Nft;
  readonly connections: Connections;
  /** Addresses that belong to local pods; one that is not programmed yet is closed. */
  readonly podCidrs: readonly Cidr[];
  /**
   * The network devices that lead to pods: what comes from them by a link-local address is closed but for what finding
   * neighbours takes. Asked when pods have changed, and once a round of `driftSlice`. Default: none.
   */
  readonly podLinks?: PodLinks;
}

/** What can be changed while it is in force. */
export interface DataplaneSettings {
  readonly podCidrs?: readonly Cidr[];
  /** What a denied packet gets (default `drop`). */
  readonly denied?: "drop" | "reject";
  /** What becomes of a connection that a change denies (default `cut`). */
  readonly established?: "cut" | "keep";
  /** Whether new connections that are allowed are counted by flow (default no). */
  readonly flows?: boolean;
}

export interface Applied {
  /** Whether anything had to be written. */
  readonly changed: boolean;
  /** How many transactions that took. */
  readonly transactions: number;
  /** Where the kernel's table was other than it was written, when it had been doubted (`distrust`); one line each. */
  readonly drifted?: readonly string[];
  /** Why the kernel's table had to be replaced as a whole, when somebody had taken it away or made it unusable. */
  readonly replaced?: string;
  /** Connections that the program denies, and that were cut. */
  readonly cut: readonly Connection[];
  /** Denied connections are still open: apply the program again to go on. */
  readonly pending: boolean;
  /** Why they could not be cut, when that failed. The rules are in force nevertheless. */
  readonly failure?: Error;
}

/**
 * Keeps the kernel's table equal to a program. What writes goes in the order of the calls, and nothing that only reads
 * holds it up. After a failure the kernel's state counts as unknown, and the next `apply` reads it back before it
 * decides what to write.
 */
export class Dataplane {
  readonly #nft: Nft;
  readonly #denied: DeniedConnections;
  readonly #renderer: Renderer;
  readonly #drift: DriftSearch;
  readonly #podLinks: PodLinks;
  #established: "cut" | "keep";
  #skeleton: SkeletonOptions;
  /** What writes, or must not be written into, goes one at a time. */
  #last: Promise<unknown> = Promise.resolve();
  /** Raised by all that writes. */
  #writes = 0;
  /** Raised when what is in force is to be forgotten, also by who was just about to know it. */
  #distrusts = 0;
  /** Of the pods that they were asked for. */
  #links: { readonly pods: readonly LocalPod[]; readonly names: readonly string[] } | undefined;
  #actual: Table | undefined;
  /** What was in force when it came to be doubted: what the kernel has next is held against it. */
  #doubted: Table | undefined;
  #rendered: Rendered | undefined;
  /** Held for as long as it is in force: parts that the next program shares with it are then the same objects. */
  #program: Program | undefined;

  constructor(options: DataplaneOptions) {
    this.#nft = options.nft;
    this.#denied = new DeniedConnections(options.connections);
    this.#established = options.established ?? "cut";
    const { podCidrs, denied = "drop", flows = false } = options;
    this.#skeleton = { podCidrs, denied, flows };
    this.#renderer = new Renderer(this.#skeleton);
    this.#drift = new DriftSearch(options.nft, {
      desired: () => this.#rendered?.table,
      trusted: () => this.#actual,
      writes: () => this.#writes,
      whileStill: (task) => this.#inTurn(task),
      // Devices come and go without a pod's doing so: they are asked for again, now and then.
      onRound: () => {
        this.#links = undefined;
      },
    });
    this.#podLinks = options.podLinks ?? (async () => []);
  }

  /** Changes what is named, and leaves the rest: in force with the next `apply`. */
  configure({ established, ...skeleton }: DataplaneSettings): void {
    // What was kept so far is held against the program as well.
    if (established === "cut" && this.#established === "keep") this.#denied.mayHaveChanged();
    if (established !== undefined) this.#established = established;
    this.#skeleton = { ...this.#skeleton, ...skeleton };
    this.#renderer.configure(this.#skeleton);
  }

  /**
   * Makes `program` what is in force, which is told at once, then cuts the connections that it denies.
   * @throws NftError, NftUnavailable when it could not be brought into force, or only in part.
   */
  apply(program: Program, onInForce: () => void = () => {}): Promise<Applied> {
    return this.#inTurn(() => this.#apply(program, onInForce));
  }

  async #apply(program: Program, onInForce: () => void): Promise<Applied> {
    const rendered = this.#renderer.render(program, await this.#linksOf(program.pods));
    this.#denied.departed(departedPods(this.#program, program));
    const [known, doubted, distrusts] = [this.#actual, this.#doubted, this.#distrusts];
    this.#actual = undefined;
    this.#doubted = undefined;
    const { transactions, ...found } =
      known === undefined
        ? await this.#planFromKernel(rendered.table, program.pods, doubted)
        : { transactions: plan(known, rendered.table) };
    // Before the first: when one fails, it may have been committed all the same.
    if (transactions.length > 0) this.#denied.mayHaveChanged();
    this.#writes += transactions.length;
    for (const transaction of transactions) await this.#nft.run(transaction);
    if (this.#distrusts === distrusts) this.#actual = rendered.table;
    else this.#doubted = rendered.table;
    this.#rendered = rendered;
    this.#program = program;
    onInForce();
    const written = { changed: transactions.length > 0, transactions: transactions.length };
    const cut = this.#established === "keep" ? { cut: [], pending: false } : await this.#denied.cut(program);
    return { ...written, ...found, ...cut };
  }

  /** Flows denied in the last minutes, with counts. */
  drops(): Promise<readonly Drop[]> {
    return readDrops(this.#nft);
  }

  /** New connections that were allowed in the last minutes, with counts; none unless `flows` is on. */
  flows(): Promise<readonly AllowedFlow[]> {
    return readAllowed(this.#nft);
  }

  /** Tells what is new in `drops` at each reading. `nowMs` never goes back (default `monotonicMs`). */
  dropReader(nowMs?: () => number): FlowReader<Drop> {
    return dropReader(this.#nft, nowMs);
  }

  /** As `dropReader`, for `flows`. */
  flowReader(nowMs?: () => number): FlowReader<AllowedFlow> {
    return allowedReader(this.#nft, nowMs);
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
    return differencesOf(await this.#read(), this.#rendered.table);
  }

  /**
   * As `drift`, of a part of the table: calls in turn go through all of it, some thousand elements at a time. May be
   * called at any time, and does not hold up what has to be written unless it has found something: then it looks again
   * while nothing is written. A large set that changes all the time is put off some calls, and then read so, too.
   */
  driftSlice(): Promise<readonly string[]> {
    return this.#drift.slice();
  }

  /** As `driftSlice`, of chains and definitions alone: what others do to them shows here without a round of slices. */
  definitionDrift(): Promise<readonly string[]> {
    return this.#drift.definitions();
  }

  /** As `driftSlice`, of all slices, one after another, until one differs. Not to be called beside it. */
  driftRound(): Promise<readonly string[]> {
    return this.#drift.round();
  }

  /**
   * Forgets what is in force, so that the next `apply` reads it back and mends what drifted. One that is under way does
   * not count: it may have looked before.
   */
  distrust(): void {
    this.#distrusts += 1;
    this.#doubted ??= this.#actual;
    this.#actual = undefined;
    // What is there when it is read back may not be what was there a moment before, and let something in.
    this.#denied.mayHaveChanged();
  }

  /** Tells when somebody else writes to our table, or may have: reason to `distrust`. */
  watch(listener: TableListener): TableWatch {
    return this.#nft.watch(table, listener);
  }

  /** Whether what is in force is known: not before the first `apply`, during one, after a failure or `distrust`. */
  get isTrusted(): boolean {
    return this.#actual !== undefined;
  }

  /** Removes our table, and nothing else: what it isolated is open from then on. */
  remove(): Promise<void> {
    return this.#inTurn(() => this.#remove());
  }

  async #remove(): Promise<void> {
    this.#writes += 1;
    await removeTable(this.#nft);
    this.#actual = undefined;
    this.#doubted = undefined;
    this.#rendered = undefined;
    this.#program = undefined;
  }

  async #linksOf(pods: readonly LocalPod[]): Promise<readonly string[]> {
    const same =
      pods.length === this.#links?.pods.length && pods.every((pod, i) => pod === this.#links?.pods[i]);
    if (!same) this.#links = { pods, names: await this.#podLinks(pods) };
    return this.#links?.names ?? [];
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#last.then(task);
    this.#last = done.catch(() => {});
    return done;
  }

  async #planFromKernel(
    desired: Table,
    pods: readonly LocalPod[],
    doubted: Table | undefined,
  ): Promise<PlanFromKernel & Pick<Applied, "drifted">> {
    const found = await this.#read(desired);
    const drifted = doubted === undefined ? [] : differencesOf(found, doubted);
    if (typeof found === "object") this.#denied.departed(departedAddresses(found, desired));
    const planned = planFromKernel(found, desired, {
      wasInForce: this.#rendered !== undefined,
      closed: () => this.#renderer.closed(pods, this.#links?.names ?? []),
    });
    return drifted.length === 0 ? planned : { ...planned, drifted };
  }

  async #read(likely?: Table): Promise<Table | "unreadable" | undefined> {
    try {
      return await (likely === undefined ? this.#nft.list(table) : readTable(this.#nft, likely));
    } catch (error) {
      if (error instanceof NftParseError) return "unreadable";
      throw error;
    }
  }
}

function differencesOf(found: Table | "unreadable" | undefined, desired: Table): readonly string[] {
  return found === "unreadable" ? [unreadable] : tableDifference(found, desired);
}
