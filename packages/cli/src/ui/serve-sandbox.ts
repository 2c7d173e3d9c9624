import type { SandboxHandle } from "@portcullis/sandbox";
import { liveWorld } from "./open-world.ts";
import { StaticSite } from "./static-site.ts";
import { startUiServer, type UiServer } from "./ui-server.ts";

/** The web app over a sandbox; undefined where it has not been built. It costs nothing until a page is opened. */
export async function serveSandbox(sandbox: SandboxHandle, name: string): Promise<UiServer | undefined> {
  if (!StaticSite.isBuilt()) return undefined;
  const world = liveWorld(`sandbox ${name}`, sandbox.client, sandbox);
  const server = await startUiServer(new StaticSite(), world.api);
  return {
    url: server.url,
    close: async () => {
      world.close();
      await server.close();
    },
  };
}
