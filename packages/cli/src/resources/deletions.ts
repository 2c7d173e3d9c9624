import { type Resource, resourceFor } from "@portcullis/kube";
import { loadManifests } from "../input/load-manifests.ts";
import { readFiles } from "../input/read-files.ts";
import { reportManifests } from "../input/report-manifests.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { resourceNamed } from "./resource-named.ts";

export interface Deletion {
  readonly resource: Resource;
  readonly name: string;
  readonly namespace: string;
}

export interface DeleteRequest {
  readonly type: string | undefined;
  readonly names: readonly string[];
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly namespace: string;
}

/**
 * What a command line asks to delete: `TYPE NAME...`, `TYPE/NAME...`, or everything in the manifests of `-f`, last object
 * first because later ones may need earlier ones. The code is 2 when a manifest has errors.
 */
export async function deletionsOf(
  { type, names, filename = [], recursive, namespace }: DeleteRequest,
  io: Io,
): Promise<{ readonly deletions: readonly Deletion[]; readonly code: number }> {
  if ((type === undefined) === (filename.length === 0)) {
    throw new CliError(exitCode.usage, "say what to delete: either TYPE NAME or -f FILE");
  }
  if (type !== undefined) return { deletions: byName([type, ...names], namespace), code: exitCode.ok };
  const manifests = loadManifests(await readFiles(filename, recursive === true, io));
  const code = reportManifests(manifests, io);
  const deletions = manifests.raw.toReversed().flatMap(({ apiVersion, kind, metadata }) => {
    const resource = resourceFor(apiVersion, kind);
    if (resource === undefined) return [];
    return [{ resource, name: metadata.name, namespace: metadata.namespace ?? namespace }];
  });
  return { deletions, code };
}

function byName(words: readonly string[], namespace: string): Deletion[] {
  if (words[0]!.includes("/")) {
    return words.map((word) => {
      const [type, name] = word.split("/");
      if (type && name) return { resource: resourceNamed(type), name, namespace };
      throw new CliError(exitCode.usage, `"${word}" is not TYPE/NAME`);
    });
  }
  const [type, ...names] = words;
  if (names.length === 0) throw new CliError(exitCode.usage, `which ${type}? Give at least one name`);
  const resource = resourceNamed(type!);
  return names.map((name) => ({ resource, name, namespace }));
}
