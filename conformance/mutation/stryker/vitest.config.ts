import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// The tests that mutants are held against: those beside the mutated sources, and the agreement of all subjects with the
// oracle on a few clusters. The long searches over random clusters and documents are left out; they take minutes each.

const root = fileURLToPath(new URL("../../..", import.meta.url));
const source = (name: string) => `${root}packages/${name}/src`;

/** The agreement first: it catches most mutants, and within milliseconds. */
class AgreementFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      moduleId.endsWith(".mutation.ts") ? 0 : moduleId.includes("/state-expansion.") ? 2 : 1;
    return [...files].sort((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

export default defineConfig({
  root,
  resolve: {
    // By path and not by the packages' names: those lead to the original tree, and mutants live in a copy of it.
    alias: [
      { find: /^@portcullis\/engine\/testing$/, replacement: `${source("engine")}/index.testing.ts` },
      { find: /^@portcullis\/([a-z]+)$/, replacement: `${root}packages/$1/src/index.ts` },
    ],
  },
  test: {
    include: [
      "packages/engine/src/{selector,cluster,verdict,program,net,report}/*.test.ts",
      "packages/dataplane/src/*.test.ts",
      "conformance/mutation/stryker/*.mutation.ts",
    ],
    exclude: ["**/*.kernel.test.ts", "packages/engine/src/verdict/agreement.test.ts", "**/node_modules/**"],
    setupFiles: ["conformance/mutation/stryker/setup.ts"],
    env: { PORTCULLIS_SEED: "20261123" },
    // One module graph for all files of a run: importing it anew for each took most of the time.
    isolate: false,
    sequence: { sequencer: AgreementFirst },
    testTimeout: 60_000,
  },
});
