import {
  ApiError,
  apply,
  type KubeClient,
  type KubeObject,
  type Resource,
  resourceFor,
} from "@portcullis/kube";
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
 * The code is 2 when an object was left out.
 */
export async function applyFiles(
  client: KubeClient,
  names: readonly string[],
  recursive: boolean,
  io: Io,
): Promise<AppliedFiles> {
  const manifests = loadManifests(await readFiles(names, recursive, io));
  const reported = reportManifests(manifests, io);
  const { code, objects } = await applyManifests(client, manifests, io);
  return { code: Math.max(reported, code), objects };
}

/** Applies what was read, in an order that lets each object find what it needs, and prints what became of each. */
export async function applyManifests(
  client: KubeClient,
  manifests: LoadedManifests,
  io: Io,
): Promise<AppliedFiles> {
  const objects: KubeObject[] = [];
  let code: number = exitCode.ok;
  for (const { object, resource } of applicable(manifests)) {
    const { name: own, generateName } = object.metadata;
    const name = displayName(resource, own || String(generateName));
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
  for (const { kind, metadata } of unknownObjects(manifests)) {
    io.err(`${kind} ${metadata.name}: not one of the kinds that this command knows; kubectl applies it\n`);
    code = exitCode.usage;
  }
  return { code, objects };
}

export interface Applicable {
  readonly object: KubeObject;
  readonly resource: Resource;
}

/** What this command can apply: namespaces first, then what pods refer to, then all else in the order of the files. */
export function applicable({ raw, others }: LoadedManifests): readonly Applicable[] {
  const found = [...raw, ...others].flatMap((object) => {
    const resource = resourceFor(object.apiVersion, object.kind);
    return resource === undefined ? [] : [{ object, resource }];
  });
  return found.sort((a, b) => rank(a.object) - rank(b.object));
}

const early = ["Namespace", "ServiceAccount", "ConfigMap", "Secret"];

function rank({ kind }: KubeObject): number {
  const place = early.indexOf(kind);
  return place < 0 ? early.length : place;
}

function unknownObjects({ raw, others }: LoadedManifests): readonly KubeObject[] {
  return [...raw, ...others].filter(({ apiVersion, kind }) => resourceFor(apiVersion, kind) === undefined);
}
