import { activate, type Mutant } from "./mutant.ts";
import { MutatedTree } from "./mutated-tree.ts";

type Agreement = typeof import("./agreement.ts").agreement;

/** What the parent sends. */
export interface Work {
  readonly mutants: readonly Mutant[];
  readonly seed: number;
  readonly runs: number;
}

/** What comes back: an answer to each mutant, in their order. */
export interface Answer {
  readonly id: number;
  /** How it was caught; undefined when it survived. */
  readonly caught: string | undefined;
}

/** Holds mutants against the agreement, one after the other; a parent that stops hearing answers ends this process. */
export function main(): Promise<number> {
  return new Promise((resolve) => {
    process.once("disconnect", () => process.exit());
    process.once("message", async ({ mutants, seed, runs }: Work) => {
      const tree = await MutatedTree.open(mutants);
      const load = async () =>
        (await tree.import<{ agreement: Agreement }>("conformance/mutation/agreement.ts")).agreement;
      let agreement: Agreement | undefined;
      // A mutant may leave a promise behind that nobody waits for.
      let stray: string | undefined;
      process.on("unhandledRejection", (reason) => {
        stray = String(reason);
      });
      for (const { id, static: atLoad } of mutants) {
        let caught: string | undefined;
        activate(atLoad ? id : 0);
        if (atLoad) tree.reload();
        try {
          if (atLoad || agreement === undefined) agreement = await load();
          activate(id);
          await agreement({ seed, runs });
        } catch (error) {
          caught = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
        }
        if (atLoad) {
          agreement = undefined;
          tree.reload();
        }
        process.send?.({ id, caught: caught ?? stray } satisfies Answer);
        stray = undefined;
      }
      await tree.close();
      resolve(0);
      process.disconnect();
    });
  });
}
