import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createViteServer } from "vitest/node";
import { instrument, type Mutant } from "./mutant.ts";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

type Server = Awaited<ReturnType<typeof createViteServer>>;

/** The sources with mutants in them, beside and apart from those that the caller itself was loaded from. */
export class MutatedTree {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** To be closed by the caller. Nothing is written, and no port is opened. */
  static async open(mutants: readonly Mutant[]): Promise<MutatedTree> {
    const byPath = new Map<string, Mutant[]>();
    for (const mutant of mutants) {
      const path = join(repository, mutant.file);
      byPath.set(path, [...(byPath.get(path) ?? []), mutant]);
    }
    const resolve = { conditions: ["portcullis-source"] };
    const server = await createViteServer({
      root: repository,
      configFile: false,
      logLevel: "error",
      appType: "custom",
      server: { middlewareMode: true, watch: null, ws: false, hmr: false },
      optimizeDeps: { noDiscovery: true },
      resolve,
      ssr: { resolve },
      plugins: [
        {
          name: "mutants",
          enforce: "pre",
          load(id) {
            const found = byPath.get(id);
            return found && instrument(readFileSync(id, "utf8"), found);
          },
        },
      ],
    });
    return new MutatedTree(server);
  }

  /** Loads a module from the mutated sources, with everything that it imports; again after each `reload`. */
  async import<T>(path: string): Promise<T> {
    const { ssr } = this.#server.environments;
    if (!("runner" in ssr)) throw new Error("the server has no module runner");
    return (ssr.runner as { import(url: string): Promise<T> }).import(join(repository, path));
  }

  /** Forgets the loaded modules, so that what they compute while loading is computed again. */
  reload(): void {
    const { ssr } = this.#server.environments;
    if ("runner" in ssr) (ssr.runner as { clearCache(): void }).clearCache();
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
