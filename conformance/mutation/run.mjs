// `npm run mutation`: loads main.ts or, in a child, the entry that it is told. Plain JavaScript, because Node 20 does not
// run TypeScript and nothing needs a build here.

import { fileURLToPath } from "node:url";
import { createViteServer } from "vitest/node";

const server = await createViteServer({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  configFile: false,
  logLevel: "error",
  appType: "custom",
  server: { middlewareMode: true, watch: null, ws: false, hmr: false },
  optimizeDeps: { noDiscovery: true },
});
const entry = process.env.PORTCULLIS_MUTATION_ENTRY ?? "main.ts";
const { main } = await server.environments.ssr.runner.import(fileURLToPath(new URL(entry, import.meta.url)));
try {
  process.exitCode = await main(process.argv.slice(2));
} finally {
  await server.close();
}
