import { readdir, stat } from "node:fs/promises";
import type { ClusterObject } from "@portcullis/engine";
import { parseGitRevision, readGitRevision } from "../input/git-revision.ts";
import { type Input, readInput } from "../input/read-files.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { loadWorld, worldOfInput } from "../world/load-world.ts";
import type { WorldOptions } from "../world/world-options.ts";

/** One of the two states that are compared. */
export interface Side {
  /** As the user named it. */
  readonly name: string;
  readonly objects: readonly ClusterObject[];
  /** 2 when an object was left out because of an error, which has been told; else 0. */
  readonly code: number;
}

/** What stands for the live cluster, or the sandbox, where a file could be named. */
export const liveName = "@cluster";

/**
 * Reads a side: a file, a directory (an empty one is an empty state), `-`, `REV:path` of the git repository, or `@cluster`.
 * A file whose own name has a colon comes before a revision.
 */
export async function readSide(name: string, options: WorldOptions, io: Io): Promise<Side> {
  if (name === liveName) return liveSide(options, io);
  const input = await inputOf(name, options.recursive === true, io);
  if (input.files.length === 0) {
    io.err(`${name}: no manifest (.yaml, .yml, .json) there; it counts as empty\n`);
    return { name, objects: [], code: exitCode.ok };
  }
  const { manifests, code } = worldOfInput(input, options, io, { of: name });
  return { name, objects: manifests.objects, code };
}

/** What `-f` names, for both sides. */
export async function readShared(names: readonly string[], options: WorldOptions, io: Io): Promise<Side> {
  const input = await readInput(names, options.recursive === true, io);
  const { manifests, code } = worldOfInput(input, options, io, { of: "both" });
  return { name: "-f", objects: manifests.objects, code };
}

async function liveSide({ filename: _, ...options }: WorldOptions, io: Io): Promise<Side> {
  const { cluster, code } = await loadWorld(options, io);
  const objects = [
    ...cluster.namespaces(),
    ...cluster.nodes(),
    ...cluster.pods(),
    ...cluster.services(),
    ...cluster.policies(),
  ];
  return { name: liveName, objects, code };
}

async function inputOf(name: string, recursive: boolean, io: Io): Promise<Input> {
  const found = name === "-" ? undefined : await stat(name).catch(() => undefined);
  const revision = found === undefined ? parseGitRevision(name) : undefined;
  if (revision !== undefined) return readGitRevision(revision, recursive);
  if (found?.isDirectory() && (await readdir(name).catch(() => [""])).length === 0)
    return { files: [], passedOver: [] };
  return readInput([name], recursive, io);
}
