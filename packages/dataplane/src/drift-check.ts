import {
  definitionDifference,
  elementDifference,
  type Nft,
  NftParseError,
  type Table,
} from "@portcullis/nft";
import { table } from "./names.ts";
import { unreadable } from "./plan-from-kernel.ts";
import { elementsAtOnce, filledByUs, objectOf, takePart } from "./set-parts.ts";

/** So often a set that is read alone is put off while it changes. */
const putOffs = 8;

/**
 * Compares the kernel's table with the one it should be, one part a call: first all chains and the definitions of sets
 * (of which only those that changed since the last round are parsed), then the elements of sets and maps, some at a
 * time, then the chains again.
 */
export class DriftCheck {
  readonly #nft: Nft;
  /** What is left of this round, last first. */
  #left: string[] = [];
  /** What was compared last: these sets, or all chains. */
  #part: readonly string[] | "chains" = "chains";
  /** The set that was put off last, and how often. */
  #late = { name: "", times: 0 };

  constructor(nft: Nft) {
    this.#nft = nft;
  }

  /** Whether the next call begins a round. */
  get atStart(): boolean {
    return this.#left.length === 0;
  }

  /** The next call begins a round, wherever the last one stood. */
  begin(): void {
    this.#left = [];
  }

  /** Where the next part differs from `desired`, one line each. @throws the signal's reason. */
  async next(desired: Table, signal?: AbortSignal): Promise<readonly string[]> {
    if (this.#left.length > 0) this.#part = takePart(this.#left, (name) => sizeOf(desired, name));
    else {
      this.#left = filledByUs(desired);
      this.#part = "chains";
    }
    return this.again(desired, signal);
  }

  /** As the last call of `next`, of the same part. */
  again(desired: Table, signal?: AbortSignal): Promise<readonly string[]> {
    const part = this.#part;
    if (part === "chains") return this.definitions(desired, signal);
    return readably(() => this.#elementsOf(part, desired, signal));
  }

  /**
   * Has the next call of `next` take the same part once more, where that is a set that takes long to read; false when it
   * is none, or when it was put off often enough.
   */
  putOff(desired: Table): boolean {
    const [name = ""] = this.#part === "chains" ? [] : this.#part;
    if (sizeOf(desired, name) <= elementsAtOnce) return false;
    const times = name === this.#late.name ? this.#late.times + 1 : 1;
    this.#late = times > putOffs ? { name: "", times: 0 } : { name, times };
    if (times > putOffs) return false;
    this.#left.push(name);
    return true;
  }

  /** Chains and the definitions of sets alone, out of turn: what it takes grows little with what the sets hold. */
  definitions(desired: Table, signal?: AbortSignal): Promise<readonly string[]> {
    const options = signal && { signal };
    return readably(async () => definitionDifference(await this.#nft.listTerse(table, options), desired));
  }

  async #elementsOf(
    names: readonly string[],
    desired: Table,
    signal: AbortSignal | undefined,
  ): Promise<readonly string[]> {
    // One that is not wanted any more was, when the round began.
    const part = names.flatMap((name) => objectOf(desired, name) ?? []);
    const found = await this.#nft.listElements(table, part, signal && { signal });
    return part.flatMap((object) => elementDifference(found.get(object.name), object));
  }
}

function sizeOf(table: Table, name: string): number {
  return objectOf(table, name)?.elements.size ?? 0;
}

async function readably(compare: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await compare();
  } catch (error) {
    if (error instanceof NftParseError) return [unreadable];
    throw error;
  }
}
