import { exitCode } from "../io/exit-code.ts";
import { interruptible } from "../io/interrupt.ts";
import type { Io } from "../io/io.ts";
import type { WorldOptions } from "../world/world-options.ts";
import { worldSource } from "../world/world-source.ts";
import { openWorld } from "./open-world.ts";
import { StaticSite } from "./static-site.ts";
import { startUiServer } from "./ui-server.ts";

export interface UiOptions extends WorldOptions {
  /** URLs of the node agents whose verdicts are told. */
  readonly agent?: readonly string[];
  /** Of the page, on loopback; 0 is any free one. */
  readonly port: number;
}

/** Serves the web app until a signal comes. */
export function runUi(options: UiOptions, io: Io): Promise<number> {
  return interruptible(async (signal) => {
    const site = new StaticSite();
    const world = await openWorld(worldSource(options), options.recursive === true, options.agent ?? [], io);
    const server = await startUiServer(site, world.api, options.port);
    try {
      io.out(`${server.url}\n`);
      io.err("Open it in a browser of this machine. Ctrl-C stops it.\n");
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      return exitCode.ok;
    } finally {
      await server.close();
      world.close();
    }
  });
}
