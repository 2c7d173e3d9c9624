import { defineConfig } from "vitest/config";

// Tests run on the sources (the `portcullis-source` export condition), so no build stands between an edit and its test.
// A file that puts something in a module's place is called `*.isolated.test.ts`. The browser
// project drives a real Chromium over the built app. The kernel project makes real namespaces;
// its files run one at a time because each wants the machine's attention.
const resolve = { conditions: ["portcullis-source"] };
const ssr = { resolve };

// A busy machine takes longer than vitest grants: a test waits for what it waits for, and fails when that does not come.
const patience = {
  hookTimeout: 60_000,
  expect: { poll: { interval: 20, timeout: 20_000 } },
  setupFiles: ["vitest.setup.ts"],
};

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: "unit",
          include: [
            "packages/*/src/**/*.test.ts",
            "conformance/**/*.test.ts",
            "scripts/*.test.ts",
            "bench/**/*.test.ts",
          ],
          exclude: ["**/*.{kernel,isolated,machine}.test.ts", "**/node_modules/**", "**/dist/**"],
          // Files share a process: to load the packages anew for each of them would take a third of the time.
          isolate: false,
          ...patience,
          testTimeout: 60_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: "isolated",
          include: ["packages/*/src/**/*.isolated.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          // A journal syncs its files hundreds of times, which takes as long as the disk takes.
          ...patience,
          testTimeout: 60_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: "browser",
          include: ["packages/ui/e2e/**/*.browser.test.ts"],
          fileParallelism: false,
          ...patience,
          testTimeout: 60_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          // What takes a resource of the whole machine: by hand, and not in npm test.
          name: "machine",
          include: ["packages/*/src/**/*.machine.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          ...patience,
          testTimeout: 120_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: "kernel",
          include: ["packages/*/src/**/*.kernel.test.ts", "conformance/**/*.kernel.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          fileParallelism: false,
          ...patience,
          testTimeout: 120_000,
        },
      },
    ],
  },
});
