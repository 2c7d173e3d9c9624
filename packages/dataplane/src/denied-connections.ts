import type { Program } from "@portcullis/engine";
import { type Connection, type Connections, connectionKey } from "./connection.ts";
import { planCut } from "./cut-plan.ts";

export interface Cut {
  /** Connections that the program denies, and that were cut. */
  readonly cut: readonly Connection[];
  /** Denied connections are still open: to be cut the next time. */
  readonly pending: boolean;
  /** Why they could not be cut, when that failed. */
  readonly failure?: Error;
}

/** Patterns to cut at one go: each costs conntrack some 20 ms, and new rules must not wait for thousands of them. */
const cutsAtOnce = 32;

/** Connections that were allowed when they were opened, and are not any more. */
export class DeniedConnections {
  readonly #connections: Connections;
  /** Rules may have changed since connections were last held against them; a predecessor may have owed it, too. */
  #isOwed = true;
  /** Addresses whose pods have gone, and whose connections have not been cut yet. */
  #gone = new Set<string>();

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** What is open has to be held against the rules anew. */
  mayHaveChanged(): void {
    this.#isOwed = true;
  }

  /** Connections of these addresses go with the pods that had them, whether denied or not. */
  departed(addresses: Iterable<string>): void {
    for (const address of addresses) this.#gone.add(address);
  }

  /** Cuts what the program, which is in force, denies; nothing when nothing may have changed. */
  async cut(program: Program): Promise<Cut> {
    if (!this.#isOwed) return { cut: [], pending: false };
    const cut: Connection[] = [];
    try {
      const pending = await this.#cut(program, cut);
      this.#isOwed = pending;
      if (!pending) this.#gone = new Set();
      return { cut, pending };
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      return { cut, pending: true, failure };
    }
  }

  /**
   * The new rules are in force already, so whatever is found here either was open before or obeys them. Looks again
   * after cutting: only what the kernel no longer lists is known to be gone. Returns whether some are left.
   */
  async #cut(program: Program, cut: Connection[]): Promise<boolean> {
    const cuts = planCut(program, await this.#connections.list(), this.#gone);
    if (cuts.length === 0) return false;
    const now = cuts.slice(0, cutsAtOnce);
    const denied = now.flatMap((each) => each.connections);
    await this.#connections.cut(
      denied,
      now.map((each) => each.range),
    );
    const left = planCut(program, await this.#connections.list(), this.#gone);
    const open = new Set(left.flatMap((each) => each.connections).map(connectionKey));
    cut.push(...denied.filter((connection) => !open.has(connectionKey(connection))));
    if (cut.length === 0) throw new Error("connections are still there after they were cut");
    return left.length > 0;
  }
}
