import { stat } from "node:fs/promises";
import { connectionDiff, connectionDiffText } from "@portcullis/engine";
import { isReason, type KubeClient, type KubeObject } from "@portcullis/kube";
import type { SandboxHandle } from "@portcullis/sandbox";
import { type LoadedManifests, loadManifests } from "../input/load-manifests.ts";
import { readFiles } from "../input/read-files.ts";
import { reportManifests } from "../input/report-manifests.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { type Applicable, applicable, applyManifests } from "../resources/apply-files.ts";
import { displayName } from "../resources/resource-named.ts";
import { reportStyle } from "../text/report-style.ts";
import { clusterOf } from "../world/cluster-of.ts";
import { waitEnforced } from "../world/wait-enforced.ts";
import { Changes } from "./changes.ts";

export interface DevLoopOptions {
  readonly io: Io;
  readonly filename: readonly string[];
  readonly recursive: boolean;
}

/**
 * Keeps the sandbox at what the manifests say: after each save what changed is applied and what was taken out is deleted
 * (only objects that this loop applied), and what the save opened and closed is printed. A save with an error changes
 * nothing. Resolves when `signal` aborts.
 */
export async function devLoop(
  sandbox: SandboxHandle,
  signal: AbortSignal,
  options: DevLoopOptions,
): Promise<void> {
  const { filename, recursive, io } = options;
  const changes = new Changes(await Promise.all(filename.map(describe)), recursive);
  try {
    let present = loadManifests(await readFiles(filename, recursive, io));
    io.err("watching for changes\n");
    while (await changes.next(signal)) {
      const next = await readAgain(options);
      if (next === undefined) continue;
      await replaceManifests(sandbox, present, next, io);
      present = next;
    }
  } finally {
    changes.close();
  }
}

async function describe(name: string): Promise<{ path: string; isDirectory: boolean }> {
  if (name === "-")
    throw new CliError(exitCode.usage, "--watch cannot follow standard input: name files or directories");
  return { path: name, isDirectory: (await stat(name)).isDirectory() };
}

/** Undefined when something is wrong with the files, which is printed. */
async function readAgain({ filename, recursive, io }: DevLoopOptions): Promise<LoadedManifests | undefined> {
  try {
    const manifests = loadManifests(await readFiles(filename, recursive, io));
    if (reportManifests(manifests, io) === exitCode.ok) return manifests;
    io.err("nothing was changed: mend the error and save again\n");
  } catch (error) {
    // A file can be gone for a moment while an editor saves it.
    if (!(error instanceof CliError)) throw error;
    io.err(`${error.message}\n`);
  }
  return undefined;
}

async function replaceManifests(
  sandbox: SandboxHandle,
  before: LoadedManifests,
  after: LoadedManifests,
  io: Io,
): Promise<void> {
  const quiet = withoutUnchanged(io);
  await deleteAll(sandbox.client, renewedPods(before, after), quiet, "replacing");
  const { objects } = await applyManifests(sandbox.client, after, quiet);
  const kept = new Set(applicable(after).map(identity));
  const gone = applicable(before).filter((each) => !kept.has(identity(each)));
  const deleted = await deleteAll(sandbox.client, gone.toReversed(), io, "deleted");
  await waitEnforced(sandbox, [...objects, ...deleted], io);
  const diff = connectionDiff(clusterOf(before.objects), clusterOf(after.objects));
  io.out(connectionDiffText(diff, reportStyle(io.outColors)));
}

/** What did not change is not news. */
function withoutUnchanged(io: Io): Io {
  const { outColors, errColors, terminal, env } = io;
  return {
    out: (text) => {
      if (!text.endsWith(" unchanged\n")) io.out(text);
    },
    err: (text) => io.err(text),
    readStdin: () => io.readStdin(),
    outColors,
    errColors,
    terminal,
    env,
  };
}

/** Pods whose spec was edited: an API server does not change the spec of a pod that exists, so they are made anew. */
function renewedPods(before: LoadedManifests, after: LoadedManifests): readonly Applicable[] {
  const old = new Map(applicable(before).map((each) => [identity(each), each.object]));
  return applicable(after).filter((each) => {
    const was = old.get(identity(each));
    return (
      each.object.kind === "Pod" &&
      was !== undefined &&
      JSON.stringify(was.spec) !== JSON.stringify(each.object.spec)
    );
  });
}

async function deleteAll(
  client: KubeClient,
  objects: readonly Applicable[],
  io: Io,
  what: "deleted" | "replacing",
): Promise<readonly KubeObject[]> {
  const deleted: KubeObject[] = [];
  for (const { resource, object } of objects) {
    const { name, namespace = "default" } = object.metadata;
    const within = resource.namespaced ? namespace : undefined;
    try {
      deleted.push(await client.delete(resource, name, within, { gracePeriodSeconds: 0 }));
      io.out(`${displayName(resource, name)} ${what}\n`);
    } catch (error) {
      // Somebody else was faster.
      if (!isReason(error, "NotFound")) throw error;
    }
  }
  return deleted;
}

const identity = ({ resource, object }: Applicable): string =>
  `${resource.plural}.${resource.group} ${object.metadata.namespace ?? "default"}/${object.metadata.name}`;
