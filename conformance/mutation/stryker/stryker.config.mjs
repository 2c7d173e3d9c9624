import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Read with the repository's root as the working directory; see run.mjs.
const here = "conformance/mutation/stryker";
const root = createHash("sha256").update(process.cwd()).digest("hex").slice(0, 8);

export default {
  mutate: [
    "packages/engine/src/{selector,cluster,verdict,program,net}/*.ts",
    "packages/dataplane/src/{policy-chain,address-set,dispatch,skeleton,render}*.ts",
    // The oracle is what mutants are measured with; the rest is no code of ours that runs in production.
    "!packages/engine/src/verdict/oracle.ts",
    "!**/*.test.ts",
    "!**/*.testing.ts",
  ],
  plugins: ["@stryker-mutator/vitest-runner"],
  testRunner: "vitest",
  vitest: { configFile: `${here}/vitest.config.ts` },
  coverageAnalysis: "perTest",
  // A text that only people read is no decision. Texts that are identities are held by other tests.
  mutator: { excludedMutations: ["StringLiteral"] },
  concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 2),
  timeoutMS: 10_000,
  timeoutFactor: 3,
  disableTypeChecks: false,
  // Stryker rewrites a tsconfig through an API that TypeScript 7 no longer has; nothing here needs one.
  tsconfigFile: "none",
  // Outside of the tree: nothing of ours picks the copies up.
  tempDirName: join(tmpdir(), `portcullis-mutation-${root}`),
  cleanTempDir: "always",
  ignorePatterns: ["dist", ".git"],
  reporters: ["progress-append-only", "clear-text", "json"],
  clearTextReporter: { reportTests: false, logTests: false, allowColor: false },
  jsonReporter: { fileName: join(tmpdir(), `portcullis-mutation-${root}.json`) },
};
