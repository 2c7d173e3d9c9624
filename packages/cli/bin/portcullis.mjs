#!/usr/bin/env node
// Starts the built command line. A checkout that was not built says so instead of failing in the module loader.
import { existsSync } from "node:fs";

if (existsSync(new URL("../dist/main.js", import.meta.url))) {
  const { main } = await import("../dist/main.js");
  await main();
} else {
  process.stderr.write("portcullis: not built yet; run `npm run build` in the repository first\n");
  process.exitCode = 2;
}
