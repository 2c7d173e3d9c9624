import type { Cluster } from "@portcullis/engine";
import {
  ApiError,
  type ClusterConnection,
  clientFor,
  type KubeClient,
  type KubeObject,
  ownCluster,
  Unreachable,
} from "@portcullis/kube";
import { attachSandbox, SandboxError } from "@portcullis/sandbox";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { commandProgress } from "../io/progress.ts";
import { version } from "../version.ts";
import { type ClusterFromApiOptions, clusterFromApi } from "./cluster-from-api.ts";
import type { LoadOptions, WorldOptions } from "./load-world.ts";
import { type Tally, tallyOfApi } from "./tally.ts";
import type { WorldSource } from "./world-source.ts";

export interface LiveWorld {
  readonly cluster: Cluster;
  /** See World. */
  readonly others: readonly KubeObject[];
  readonly tally: Tally;
}

/** Reads a running cluster or sandbox. Fails with exit code 3 when it cannot be reached or does not permit it. */
export async function liveWorld(
  source: Exclude<WorldSource, { kind: "files" }>,
  options: WorldOptions,
  io: Io,
  how: LoadOptions,
): Promise<LiveWorld> {
  const { client, where, close } = await connect(source, io);
  const progress = commandProgress(io, options);
  try {
    return await read(client, where, io, {
      where,
      ingresses: how.ingresses === true,
      ...(options.within === undefined ? {} : { within: options.within }),
      onProgress: (objects) => progress.show(`reading ${where}: ${objects.toLocaleString("en")} objects`),
    });
  } finally {
    progress.end();
    close();
  }
}

async function read(
  client: KubeClient,
  where: string,
  io: Io,
  options: ClusterFromApiOptions,
): Promise<LiveWorld> {
  const { cluster, objects, others, unreadable, unknown } = await clusterFromApi(client, [], options).catch(
    (error: unknown) => {
      if (error instanceof Unreachable) tellProxy(io);
      if (!(error instanceof ApiError)) throw error;
      const known = error.code === 401 ? "does not know this user" : "refused";
      throw new CliError(exitCode.unavailable, `${where} ${known}: ${error.message}`);
    },
  );
  for (const sentence of unknown) io.err(`${io.errColors.yellow("note:")} ${sentence}\n`);
  for (const object of unreadable) io.err(`${object}: cannot be read, left out\n`);
  if (options.within !== undefined)
    io.err(
      `${io.errColors.yellow("note:")} only ${options.within.join(", ")} was read: no peer elsewhere is known\n`,
    );
  const refused = unreadable.map((object) => ({
    kind: object.split(" ")[0]!,
    title: () => object,
    reason: "cannot be read",
  }));
  return { cluster, others, tally: tallyOfApi(where, [...objects, ...others.map(named)], refused) };
}

/** What kubectl would have gone through. */
function tellProxy(io: Io): void {
  const proxy = io.env.HTTPS_PROXY ?? io.env.https_proxy;
  if (proxy)
    io.err(`${io.errColors.yellow("note:")} HTTPS_PROXY is set, but Portcullis speaks to no proxy\n`);
}

function named({ kind, metadata: { namespace = "default", name } }: KubeObject) {
  return { kind, namespace, name };
}

interface Connection {
  readonly client: KubeClient;
  /** `context prod`, `sandbox default`, `this pod's cluster`. */
  readonly where: string;
  close(): void;
}

async function connect(source: Exclude<WorldSource, { kind: "files" }>, io: Io): Promise<Connection> {
  if (source.kind === "sandbox") return sandbox(source.name);
  if (source.kind === "nearest") return nearest(io);
  const { kubeconfig, context } = source;
  return connected(clientFor({ kubeconfig, context, env: io.env, userAgent: userAgent() }));
}

async function nearest(io: Io): Promise<Connection> {
  try {
    return await sandbox("default");
  } catch (error) {
    if (!(error instanceof SandboxError) || error.code !== "not-running") throw error;
    const own = ownCluster({ env: io.env, userAgent: userAgent() });
    if (own !== undefined) return connected(own);
    throw new CliError(
      exitCode.unavailable,
      "there is nothing to look at: no files were named and no sandbox runs",
      "Name manifests with -f, a cluster with --context or --cluster, or start a sandbox with: portcullis up",
    );
  }
}

async function sandbox(name: string): Promise<Connection> {
  const { client } = await attachSandbox(name);
  return { client, where: `sandbox ${name}`, close: () => {} };
}

function connected({ client, context }: ClusterConnection): Connection {
  const where = context === undefined ? "this pod's cluster" : `context ${context}`;
  return { client, where, close: () => client.close() };
}

function userAgent(): string {
  return `portcullis/${version()}`;
}
