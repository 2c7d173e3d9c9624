import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Answer, Work } from "./agreement-worker.ts";
import type { Mutant } from "./mutant.ts";

/** No mutant that ends takes a tenth of this; in milliseconds. The first one waits for the sources to be loaded, too. */
const PATIENCE = { first: 60_000, next: 20_000 } as const;

/** How each mutant was caught by the agreement of the subjects; those that survived are absent. */
export async function agreementStage(
  mutants: readonly Mutant[],
  settings: { readonly seed: number; readonly runs: number; readonly workers: number },
  progress: (done: number) => void,
): Promise<ReadonlyMap<number, string>> {
  const caught = new Map<number, string>();
  let done = 0;
  const answered = (id: number, how: string | undefined) => {
    if (how !== undefined) caught.set(id, how);
    progress(++done);
  };
  const size = Math.ceil(mutants.length / settings.workers);
  const shares = Array.from({ length: settings.workers }, (_, i) => mutants.slice(i * size, (i + 1) * size));
  await Promise.all(
    shares.map(async (share) => {
      for (let rest: readonly Mutant[] = share; rest.length > 0; )
        rest = await untilOneHangs(rest, settings, answered);
    }),
  );
  return caught;
}

/** Judges mutants in one child, and gives back those that are left when one of them has hung or ended it. */
function untilOneHangs(
  mutants: readonly Mutant[],
  { seed, runs }: { readonly seed: number; readonly runs: number },
  answered: (id: number, how: string | undefined) => void,
): Promise<readonly Mutant[]> {
  const child: ChildProcess = fork(fileURLToPath(new URL("run.mjs", import.meta.url)), {
    env: { ...process.env, PORTCULLIS_MUTATION_ENTRY: "agreement-worker.ts" },
    execArgv: ["--max-old-space-size=1024"],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  // A mutant that never ends hears nothing, so the child is ended with this process.
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  let next = 0;
  let how = "the process ended";
  const hangs = () => {
    how = "no end in sight";
    end();
  };
  let watchdog = setTimeout(hangs, PATIENCE.first);
  child.on("message", ({ id, caught }: Answer) => {
    clearTimeout(watchdog);
    watchdog = setTimeout(hangs, PATIENCE.next);
    next++;
    answered(id, caught);
  });
  child.send({ mutants, seed, runs } satisfies Work);
  return new Promise((resolve) => {
    child.once("exit", () => {
      clearTimeout(watchdog);
      process.off("exit", end);
      const culprit = mutants[next];
      if (culprit === undefined) return resolve([]);
      answered(culprit.id, how);
      resolve(mutants.slice(next + 1));
    });
  });
}
