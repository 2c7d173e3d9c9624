import { spawn } from "node:child_process";
import type { Mutant } from "./mutant.ts";
import { repository } from "./mutated-tree.ts";

/** The tests of a mutant's package take a sixth of this; in milliseconds. */
const PATIENCE = 90_000;

/** How the tests beside the sources caught mutants; those that survived are absent. */
export async function testStage(
  mutants: readonly Mutant[],
  workers: number,
  progress: (done: number) => void,
): Promise<ReadonlyMap<number, string>> {
  const caught = new Map<number, string>();
  const queue = [...mutants];
  let done = 0;
  const work = async () => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const how = await held(mutant);
      if (how !== undefined) caught.set(mutant.id, how);
      progress(++done);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return caught;
}

function held(mutant: Mutant): Promise<string | undefined> {
  const config = "conformance/mutation/vitest.config.ts";
  const child = spawn(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "--config", config, "--bail=1", "--reporter=dot"],
    {
      cwd: repository,
      env: { ...process.env, PORTCULLIS_MUTANT: JSON.stringify(mutant) },
      // A group of its own, so that a worker that hangs ends with it.
      detached: true,
      stdio: "ignore",
    },
  );
  return new Promise((resolve) => {
    let hung = false;
    const watchdog = setTimeout(() => {
      hung = true;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, PATIENCE);
    child.once("exit", (code) => {
      clearTimeout(watchdog);
      resolve(hung ? "no end in sight" : code === 0 ? undefined : "a test of its package");
    });
  });
}
