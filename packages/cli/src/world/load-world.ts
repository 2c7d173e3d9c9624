import { Cluster } from "@portcullis/engine";
import { type LoadedManifests, loadManifests } from "../input/load-manifests.ts";
import { readFiles } from "../input/read-files.ts";
import { reportManifests } from "../input/report-manifests.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";

/** Where the objects come from that a command is about; see `addWorldOptions`. */
export interface WorldOptions {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  /** A sandbox, when there are no files. */
  readonly name: string;
}

/** What a command is about. */
export interface World {
  readonly cluster: Cluster;
  /** Absent when the objects were not read from files. */
  readonly manifests?: LoadedManifests;
  /** 2 when an object was left out because of an error, which has been told; else 0. */
  readonly code: number;
}

/** Reads the manifests, or asks the running sandbox. What cannot be read is told on stderr and left out. */
export async function loadWorld(options: WorldOptions, io: Io): Promise<World> {
  if (options.filename === undefined) return fromSandbox(options.name, io);
  const manifests = loadManifests(await readFiles(options.filename, options.recursive === true, io));
  const code = reportManifests(manifests, io);
  if (code !== exitCode.ok)
    io.err("The answer below leaves out what has an error, as the API server would.\n");
  const cluster = new Cluster();
  for (const object of manifests.objects) cluster.upsert(object);
  return { cluster, manifests, code };
}

async function fromSandbox(name: string, io: Io): Promise<World> {
  const [{ attachSandbox }, { clusterFromApi }] = await Promise.all([
    import("@portcullis/sandbox"),
    import("./cluster-from-api.ts"),
  ]);
  const { client } = await attachSandbox(name);
  const { cluster, unreadable } = await clusterFromApi(client);
  for (const object of unreadable) io.err(`${object}: cannot be read, left out\n`);
  return { cluster, code: unreadable.length === 0 ? exitCode.ok : exitCode.usage };
}
