import type { Benchmark } from "./benchmark.ts";

interface Entry {
  /** Needs namespaces around it: it makes interfaces and writes rules. */
  readonly isolated: boolean;
  /** The longest it may take, in seconds. */
  readonly timeLimit: number;
  load(): Promise<Benchmark>;
}

/** Every benchmark by its name, in the order in which they run. */
export const registry: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  ["engine", { isolated: false, timeLimit: 300, load: async () => (await import("../engine.ts")).engine }],
  [
    "analysis",
    { isolated: false, timeLimit: 300, load: async () => (await import("../analysis.ts")).analysis },
  ],
  [
    "new-connection-cpu",
    {
      isolated: true,
      timeLimit: 300,
      load: async () => (await import("../new-connection-cpu.ts")).newConnectionCpu,
    },
  ],
  [
    "policy-update",
    { isolated: true, timeLimit: 300, load: async () => (await import("../policy-update.ts")).policyUpdate },
  ],
  ["agent", { isolated: true, timeLimit: 1200, load: async () => (await import("../agent.ts")).agent }],
  ["api", { isolated: false, timeLimit: 300, load: async () => (await import("../api.ts")).api }],
  ["web", { isolated: false, timeLimit: 120, load: async () => (await import("../web.ts")).web }],
  ["sandbox", { isolated: false, timeLimit: 300, load: async () => (await import("../sandbox.ts")).sandbox }],
]);
