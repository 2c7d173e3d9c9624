import { readdir, stat } from "node:fs/promises";
import type { ClusterObject } from "@portcullis/engine";
import { parseGitRevision, readGitRevision } from "../input/git-revision.ts";
import { loadManifests } from "../input/load-manifests.ts";
import { type InputFile, readFiles } from "../input/read-files.ts";
import { reportManifests } from "../input/report-manifests.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { loadWorld, type WorldOptions } from "../world/load-world.ts";

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
 * Reads a side: a file, a directory (one without manifests is an empty state), `-`, `REV:path` of the git repository, or
 * `@cluster`. A file whose own name has a colon comes before a revision.
 */
export async function readSide(name: string, options: WorldOptions, io: Io): Promise<Side> {
  if (name === liveName) {
    const { filename: _, ...live } = options;
    const { cluster, code } = await loadWorld(live, io);
    const objects = [
      ...cluster.namespaces(),
      ...cluster.nodes(),
      ...cluster.pods(),
      ...cluster.services(),
      ...cluster.policies(),
    ];
    return { name, objects, code };
  }
  const files = await filesOf(name, options.recursive === true, io);
  if (files.length === 0) {
    io.err(`${name}: no manifest (.yaml, .yml, .json) there; it counts as empty\n`);
    return { name, objects: [], code: exitCode.ok };
  }
  return parsed(name, files, io);
}

/** What `-f` names, for both sides. */
export async function readShared(names: readonly string[], recursive: boolean, io: Io): Promise<Side> {
  return parsed("-f", await readFiles(names, recursive, io), io);
}

function parsed(name: string, files: readonly InputFile[], io: Io): Side {
  const manifests = loadManifests(files);
  return { name, objects: manifests.objects, code: reportManifests(manifests, io) };
}

async function filesOf(name: string, recursive: boolean, io: Io): Promise<readonly InputFile[]> {
  const found = await stat(name).catch(() => undefined);
  const revision = found === undefined ? parseGitRevision(name) : undefined;
  if (revision !== undefined) return readGitRevision(revision, recursive, io);
  if (found?.isDirectory() && (await readdir(name).catch(() => [""])).length === 0) return [];
  return readFiles([name], recursive, io);
}
