import type { Cluster } from "@portcullis/engine";
import { ApiError, type KubeClient, type KubeObject, Unreachable } from "@portcullis/kube";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { commandProgress } from "../io/progress.ts";
import { type ClusterFromApiOptions, clusterFromApi } from "./cluster-from-api.ts";
import { connect } from "./connect.ts";
import type { LoadOptions } from "./load-world.ts";
import { type Tally, tallyOfApi } from "./tally.ts";
import type { WorldOptions } from "./world-options.ts";
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
      staged: options.staged === true,
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
