import type { ServedWorld } from "@portcullis/ui/server-api";
import { readFiles } from "../input/read-files.ts";
import { exitCode } from "../io/exit-code.ts";
import { interruptible } from "../io/interrupt.ts";
import type { Io } from "../io/io.ts";
import { connect } from "../world/connect.ts";
import { type WorldSource, worldSource } from "../world/world-source.ts";
import { StaticSite } from "./static-site.ts";
import { sendJson, startUiServer } from "./ui-server.ts";
import { worldFiles } from "./world-files.ts";

export interface UiOptions {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly name?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: boolean;
  /** Of the page, on loopback; 0 is any free one. */
  readonly port: number;
}

/** Serves the web app until a signal comes. */
export function runUi(options: UiOptions, io: Io): Promise<number> {
  return interruptible(async (signal) => {
    const world = await openWorld(worldSource(options), options, io);
    const server = await startUiServer(
      new StaticSite(),
      { "GET world": async (_, response) => sendJson(response, await world.read()) },
      options.port,
    );
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

interface OpenWorld {
  /** As it is now: read anew each time. */
  read(): Promise<ServedWorld>;
  close(): void;
}

async function openWorld(source: WorldSource, { recursive }: UiOptions, io: Io): Promise<OpenWorld> {
  if (source.kind === "files") {
    const read = async (): Promise<ServedWorld> => {
      const files = await readFiles(source.names, recursive === true, io);
      return {
        origin: `files of ${source.names.join(", ")}`,
        files: files.map(({ path, text }) => ({ file: path, text })),
      };
    };
    // What cannot be read is said before a page is served.
    await read();
    return { read, close: () => {} };
  }
  const { client, where, close } = await connect(source, io);
  return { read: async () => ({ origin: where, files: await worldFiles(client) }), close };
}
