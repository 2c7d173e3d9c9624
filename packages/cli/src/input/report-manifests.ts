import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { formatDiagnostics } from "../text/diagnostics.ts";
import type { LoadedManifests } from "./load-manifests.ts";

/** Prints what is wrong with manifests to stderr. Gives 2 when an object was left out because of an error, else 0. */
export function reportManifests({ diagnostics, skipped, texts, objects }: LoadedManifests, io: Io): number {
  io.err(formatDiagnostics(diagnostics, texts, io.errColors));
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  if (errors > 0) return exitCode.usage;
  if (objects.length === 0) {
    const nothing =
      Object.keys(skipped).length === 0 ? "no objects" : "nothing that concerns network policies";
    io.err(`${[...texts.keys()].join(", ")}: ${nothing}\n`);
  }
  return exitCode.ok;
}
