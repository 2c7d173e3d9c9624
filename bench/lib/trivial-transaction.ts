import { NftProcess } from "@portcullis/nft";
import { enterCommand } from "./network-namespace.ts";

/** Puts one address into a set and takes it out again, by turns, in a network namespace with nothing else in it. */
export class TrivialTransaction {
  readonly #nft: NftProcess;
  #isIn = false;

  private constructor(nft: NftProcess) {
    this.#nft = nft;
  }

  static async start(namespace: string): Promise<TrivialTransaction> {
    const nft = new NftProcess({ command: enterCommand(namespace) });
    await nft.run({ table, operations: [{ op: "add table" }, { op: "add set", set }] });
    return new TrivialTransaction(nft);
  }

  /** Milliseconds of one transaction. */
  async time(): Promise<number> {
    const op = this.#isIn ? "delete elements" : "add elements";
    const start = performance.now();
    await this.#nft.run({ table, operations: [{ op, set, elements: [{ key: ["192.0.2.1"] }] }] });
    this.#isIn = !this.#isIn;
    return performance.now() - start;
  }

  close(): Promise<void> {
    return this.#nft.close();
  }
}

const table = { family: "inet", name: "bench" } as const;
const set = { name: "s_bench", key: ["ipv4_addr"], elements: new Map() } as const;
