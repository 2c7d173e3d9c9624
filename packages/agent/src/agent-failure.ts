import { type Applied, type Connection, type NodeFinding, nftFinding } from "@portcullis/dataplane";
import { classifyNftFailure } from "@portcullis/nft";
import type { AgentListener } from "./agent-event.ts";
import type { Conditions } from "./conditions.ts";

/** What is cleared by a program in force: it takes all of nft. */
const ofTheKernel = ["NotInForce", "NftMissing", "NftTooOld", "NoPermission"] as const;

/** What the kernel's refusals and acceptances mean for the agent: its events and conditions. */
export class KernelFailures {
  readonly #emit: AgentListener;
  readonly #conditions: Conditions;
  readonly #now: () => number;
  #isUnreadable = false;

  constructor(emit: AgentListener, conditions: Conditions, now: () => number) {
    this.#emit = emit;
    this.#conditions = conditions;
    this.#now = now;
  }

  notInForce(error: unknown): void {
    const words = wordsOf(error);
    this.#emit({ type: "not-in-force", error: words, policies: [], atMs: this.#now() });
    this.#conditions.set("NotInForce", "ApplyFailed", words);
    this.#nameCause(error);
  }

  inForce(): void {
    this.#isUnreadable = false;
    for (const type of ofTheKernel) this.#conditions.clear(type);
  }

  /** The kernel's table could not be read, so that it is not known whether it is what was written. */
  unreadable(error: unknown): void {
    this.#isUnreadable = true;
    const words = `could not compare the kernel's table: ${wordsOf(error)}`;
    this.#conditions.set("NotInForce", "NotReadable", words);
    this.#nameCause(error);
  }

  readable(): void {
    if (this.#isUnreadable) this.inForce();
  }

  cut({ cut, failure }: Applied): void {
    const atMs = this.#now();
    if (cut.length > 0) this.#emit({ type: "cut", connections: cut.map(connectionText), atMs });
    if (failure === undefined) {
      this.#conditions.clear("CutFailed");
      return;
    }
    this.#emit({ type: "cut-failed", error: failure.message, atMs });
    this.#conditions.set("CutFailed", "ConntrackFailed", failure.message);
  }

  #nameCause(error: unknown): void {
    const cause = causeOf(error);
    if (cause !== undefined) this.#conditions.set(cause.type, cause.reason, cause.message);
  }
}

/** What a node's operator can mend, when the error tells; in the words of who looks at the node. */
function causeOf(error: unknown): NodeFinding | undefined {
  const failure = classifyNftFailure(error);
  return failure === "refused" || failure === "unavailable" ? undefined : nftFinding(error);
}

function connectionText({ protocol, source, destination, port }: Connection): string {
  return `${protocol} ${source.text} → ${destination.text} port ${port}`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
