import { Cluster } from "@portcullis/engine";
import { loadManifests } from "../input/load-manifests.ts";
import { readFiles } from "../input/read-files.ts";
import { reportManifests } from "../input/report-manifests.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";

/** A Cluster of what manifests say. Objects with an error are reported and left out, as an API server refuses them. */
export async function clusterFromFiles(
  names: readonly string[],
  recursive: boolean,
  io: Io,
): Promise<Cluster> {
  const manifests = loadManifests(await readFiles(names, recursive, io));
  if (reportManifests(manifests, io) !== exitCode.ok) {
    io.err("The answer below leaves out what has an error, as the API server would.\n");
  }
  const cluster = new Cluster();
  for (const object of manifests.objects) cluster.upsert(object);
  return cluster;
}
