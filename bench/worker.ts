// Runs one benchmark and writes its report to file descriptor 3: `worker.js NAME OPTIONS-AS-JSON`, started by main.

import { writeSync } from "node:fs";
import type { BenchmarkOptions } from "./lib/benchmark.ts";
import { registry } from "./lib/registry.ts";

// Exit handlers run then, which take away what a signal would leave on the host.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const [name = "", options = "{}"] = process.argv.slice(2);
const benchmark = await registry.get(name)?.load();
if (benchmark === undefined) throw new Error(`there is no benchmark ${name}`);
writeSync(3, JSON.stringify(await benchmark.run(JSON.parse(options) as BenchmarkOptions)));
process.exit(0);
