import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { instrument, type Mutant } from "./mutant.ts";

// The tests beside the sources, on sources that have one mutant (the environment says which): second stage of
// `npm run mutation`. What the first stage asks in another form is left out, and so is what only reads documents.

const root = fileURLToPath(new URL("../..", import.meta.url));
const mutant = JSON.parse(process.env.PORTCULLIS_MUTANT ?? "null") as Mutant | null;
const resolve = { conditions: ["portcullis-source"] };
const room = mutant?.file.startsWith("packages/dataplane/")
  ? "packages/dataplane/src"
  : "packages/engine/src/{selector,cluster,verdict,program,net,report}";

/** The tests beside the mutant first: they are the most likely to notice. The long ones last. */
class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const beside = mutant === null ? root : join(root, dirname(mutant.file));
    const rank = ({ moduleId }: TestSpecification) =>
      moduleId.includes("state-expansion") ? 2 : dirname(moduleId) === beside ? 0 : 1;
    return [...files].sort((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

export default defineConfig({
  root,
  resolve,
  ssr: { resolve },
  plugins: [
    {
      name: "mutant",
      enforce: "pre",
      load(id) {
        if (mutant === null || id !== join(root, mutant.file)) return undefined;
        return instrument(readFileSync(id, "utf8"), [mutant]);
      },
    },
  ],
  test: {
    include: [`${room}/*.test.ts`],
    exclude: ["**/*.kernel.test.ts", "packages/engine/src/verdict/agreement.test.ts", "**/node_modules/**"],
    setupFiles: [join(root, "conformance/mutation/activate.ts")],
    env: { PORTCULLIS_SEED: "20261123" },
    // One process and one load of the sources for all files.
    pool: "threads",
    isolate: false,
    maxWorkers: 1,
    sequence: { sequencer: NearestFirst },
    testTimeout: 30_000,
  },
});
