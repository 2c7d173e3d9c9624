import { Cluster } from "@portcullis/engine";
import type { KubeObject } from "@portcullis/kube";
import { type LoadedManifests, loadManifests } from "../input/load-manifests.ts";
import { type Input, readInput } from "../input/read-files.ts";
import { reportManifests } from "../input/report-manifests.ts";
import { CliError } from "../io/cli-error.ts";
import { atEnd } from "../io/epilogue.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { commandProgress } from "../io/progress.ts";
import { formatDiagnostics } from "../text/diagnostics.ts";
import { type Tally, tallyOfManifests, tallyText } from "./tally.ts";
import type { WorldOptions } from "./world-options.ts";
import { worldSource } from "./world-source.ts";

/** What a command is about. */
export interface World {
  readonly cluster: Cluster;
  /** Absent when the objects were not read from files. */
  readonly manifests?: LoadedManifests;
  /** Objects of other kinds as plain data: all of the manifests, or the cluster's Ingresses where they were asked for. */
  readonly others: readonly KubeObject[];
  /** 2 when an object was left out because of an error, which has been told; else 0. */
  readonly code: number;
}

/** How a command wants it read. */
export interface LoadOptions {
  /** Tell what is wrong with manifests (default true); a command that does so itself says false. */
  readonly diagnostics?: boolean;
  /** Read Ingresses too (default false). */
  readonly ingresses?: boolean;
  /** What the count of objects calls their origin, where a command reads several. */
  readonly of?: string;
}

/**
 * Reads the manifests, or asks a cluster or a running sandbox. What cannot be read is told on stderr and left out; what
 * was read, passed over and refused is counted there when the command ends.
 */
export async function loadWorld(options: WorldOptions, io: Io, how: LoadOptions = {}): Promise<World> {
  const source = worldSource(options);
  if (source.kind === "files") return fromFiles(source.names, options, io, how);
  const { liveWorld } = await import("./live-world.ts");
  const { cluster, others, tally } = await liveWorld(source, options, io, how);
  tell(tally, options, io);
  return { cluster, others, code: tally.refused.length === 0 ? exitCode.ok : exitCode.usage };
}

async function fromFiles(
  names: readonly string[],
  options: WorldOptions,
  io: Io,
  how: LoadOptions,
): Promise<World> {
  return worldOfInput(await readInput(names, options.recursive === true, io), options, io, how);
}

/** As `loadWorld`, of manifests that were read already. */
export function worldOfInput(
  { files, passedOver }: Input,
  options: WorldOptions,
  io: Io,
  { diagnostics = true, ingresses = false, of }: LoadOptions = {},
): World & { readonly manifests: LoadedManifests } {
  const progress = commandProgress(io, options);
  const onFile = (index: number) => progress.show(`reading file ${index + 1} of ${files.length}`);
  const manifests = loadManifests(files, onFile, options.staged);
  progress.end();
  if (options.failFast === true && manifests.refused.length > 0) throw failed(manifests, io);
  const code = diagnostics ? reportManifests(manifests, io) : codeOf(manifests);
  if (diagnostics && code !== exitCode.ok)
    io.err("The answer below leaves out what has an error, as the API server would.\n");
  const cluster = new Cluster();
  for (const [index, object] of manifests.objects.entries()) {
    if (index % 1024 === 0) progress.show(`loading object ${index + 1} of ${manifests.objects.length}`);
    cluster.upsert(object);
  }
  progress.end();
  const tally = tallyOfManifests(manifests, files.length, passedOver, ingresses);
  tell(of === undefined ? tally : { ...tally, where: `${tally.where} of ${of}` }, options, io);
  return { cluster, manifests, others: manifests.others, code };
}

function tell(tally: Tally, { quiet, verbose }: WorldOptions, io: Io): void {
  if (quiet !== true) atEnd(io, tallyText(tally, verbose === true));
}

function codeOf({ refused }: LoadedManifests): number {
  return refused.length === 0 ? exitCode.ok : exitCode.usage;
}

/** Prints what is wrong with the first object that is refused, and nothing else. */
function failed({ refused, diagnostics, texts }: LoadedManifests, io: Io): CliError {
  const [first] = refused;
  const own = diagnostics.filter(
    ({ severity, range, object = "" }) =>
      severity === "error" && range?.file === first?.range.file && object === first?.object,
  );
  io.err(formatDiagnostics(first?.object === "" ? own.slice(0, 1) : own, texts, io.errColors));
  return new CliError(exitCode.usage, "stopped at the first object that is refused (--fail-fast)");
}
