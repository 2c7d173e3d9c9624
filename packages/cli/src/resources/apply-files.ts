import { ApiError, apply, type KubeClient, type KubeObject, resourceFor } from "@portcullis/kube";
import { type LoadedManifests, loadManifests } from "../input/load-manifests.ts";
import { readFiles } from "../input/read-files.ts";
import { reportManifests } from "../input/report-manifests.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { displayName } from "./resource-named.ts";

export interface AppliedFiles {
  readonly code: number;
  /** The objects as the sandbox now has them. */
  readonly objects: readonly KubeObject[];
}

/**
 * Applies every object of the manifests that has no error and prints what became of each; what is wrong goes to stderr.
 * The code is 2 when an object was left out that policies could concern. Namespaces go first, so that a directory of manifests
 * need not be in any order.
 */
export async function applyFiles(
  client: KubeClient,
  names: readonly string[],
  recursive: boolean,
  io: Io,
): Promise<AppliedFiles> {
  const manifests = loadManifests(await readFiles(names, recursive, io));
  let code = reportManifests(manifests, io);
  const others = Object.entries(manifests.skipped).map(([kind, count]) => `${count} ${kind}`);
  if (others.length > 0) io.err(`passed over, no concern of network policies: ${others.join(", ")}\n`);
  const objects: KubeObject[] = [];
  for (const object of inOrder(manifests)) {
    const resource = resourceFor(object.apiVersion, object.kind);
    if (resource === undefined) {
      io.err(
        `${object.kind} ${object.metadata.name}: the sandbox does not run objects of this kind; left out\n`,
      );
      code = exitCode.usage;
      continue;
    }
    const name = displayName(resource, object.metadata.name);
    try {
      const applied = await apply(client, object);
      objects.push(applied.object);
      io.out(`${name} ${applied.result}\n`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      io.err(`${io.errColors.red("error:")} ${name}: ${error.message}\n`);
      code = exitCode.usage;
    }
  }
  return { code, objects };
}

function inOrder({ raw }: LoadedManifests): KubeObject[] {
  const rank = ({ kind }: KubeObject) => (kind === "Namespace" ? 0 : 1);
  return [...raw].sort((a, b) => rank(a) - rank(b));
}
