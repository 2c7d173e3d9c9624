import type { KubeClient } from "@portcullis/kube";
import type { SandboxHandle } from "@portcullis/sandbox";
import type { ServedWorld } from "@portcullis/ui/server-api";
import { AgentApi } from "../flows/agent-api.ts";
import { readFiles } from "../input/read-files.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { connect } from "../world/connect.ts";
import type { WorldSource } from "../world/world-source.ts";
import { liveApi } from "./live/live-api.ts";
import { LiveSource } from "./live/live-source.ts";
import { type Api, sendJson } from "./ui-server.ts";

/** What the web app is about, ready to be served. */
export interface OpenWorld {
  readonly api: Api;
  close(): void;
}

/** @param agents URLs of node agents whose verdicts are told, as `portcullis flows --agent` takes them. */
export async function openWorld(
  source: WorldSource,
  recursive: boolean,
  agents: readonly string[],
  io: Io,
): Promise<OpenWorld> {
  if (source.kind === "files") {
    if (agents.length > 0)
      throw new CliError(exitCode.usage, "--agent is about a cluster, and -f about files");
    return filesWorld(source.names, recursive, io);
  }
  const { client, where, close } = await connect(source, io);
  const sandbox = where.startsWith("sandbox ") ? await attached(where.slice("sandbox ".length)) : undefined;
  const world = liveWorld(
    where,
    client,
    sandbox,
    agents.map((url) => new AgentApi({ url }, `the agent at ${url}`)),
  );
  return {
    api: world.api,
    close: () => {
      world.close();
      close();
    },
  };
}

/** Looks at the cluster from when a page first asks for something: until then it costs nothing. */
export function liveWorld(
  origin: string,
  client: KubeClient,
  sandbox: SandboxHandle | undefined,
  agents: readonly AgentApi[] = [],
): OpenWorld {
  let source: LiveSource | undefined;
  const started = () => {
    source ??= new LiveSource(client, sandbox, agents);
    return source;
  };
  return { api: liveApi({ origin, client, source: started, sandbox }), close: () => source?.close() };
}

/** Files are read anew each time the page is loaded. */
async function filesWorld(names: readonly string[], recursive: boolean, io: Io): Promise<OpenWorld> {
  const read = async (): Promise<ServedWorld> => {
    const files = await readFiles(names, recursive, io);
    return {
      origin: `files of ${names.join(", ")}`,
      files: files.map(({ path, text }) => ({ file: path, text })),
    };
  };
  // What cannot be read is said before a page is served.
  await read();
  return { api: { "GET world": async (_, response) => sendJson(response, await read()) }, close: () => {} };
}

async function attached(name: string) {
  const { attachSandbox } = await import("@portcullis/sandbox");
  return attachSandbox(name);
}
