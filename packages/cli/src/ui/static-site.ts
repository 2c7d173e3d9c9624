import { existsSync, readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join, normalize, sep } from "node:path";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** Sent with every answer: nothing may be loaded from elsewhere, framed, guessed at or told to others. */
export const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self'; " +
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** The web app as it was built. */
export class StaticSite {
  readonly #root: string;

  static isBuilt(): boolean {
    return existsSync(join(builtSite(), "index.html"));
  }

  /** @throws CliError when it has not been built. */
  constructor(root = builtSite()) {
    this.#root = root;
    if (!existsSync(join(root, "index.html"))) {
      throw new CliError(exitCode.unavailable, "the web app is not built: run npm run setup");
    }
  }

  /** Answers with the file at a path of the site; false when there is none. */
  serve(path: string, response: ServerResponse): boolean {
    const file = normalize(join(this.#root, path === "/" ? "index.html" : path));
    const type = types[extname(file)];
    if (!file.startsWith(this.#root + sep) || type === undefined || !existsSync(file)) return false;
    const isPage = path === "/" || path === "/index.html";
    // What is in assets/ has its content in its name.
    const keep = path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-store";
    response.writeHead(200, { ...securityHeaders, "content-type": type, "cache-control": keep });
    response.end(isPage ? served(readFileSync(file, "utf8")) : readFileSync(file));
    return true;
  }
}

/** Tells the page that there is more behind it than files. */
function served(page: string): string {
  return page.replace("</head>", '<meta name="portcullis-server" content="1" /></head>');
}

function builtSite(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve("@portcullis/ui/package.json")), "dist", "site");
}
