import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { securityHeaders } from "./static-site.ts";

test("the header allows what the static page allows, and forbids frames, which a page cannot", async () => {
  const ui = dirname(createRequire(import.meta.url).resolve("@portcullis/ui/package.json"));
  const { contentSecurityPolicy } = await import(pathToFileURL(join(ui, "vite.config.ts")).href);
  expect(securityHeaders["content-security-policy"]).toBe(`${contentSecurityPolicy}; frame-ancestors 'none'`);
});
