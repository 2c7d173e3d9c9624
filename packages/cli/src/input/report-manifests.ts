import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { formatDiagnostics } from "../text/diagnostics.ts";
import type { LoadedManifests } from "./load-manifests.ts";

/** Prints what is wrong with manifests to stderr. Gives 2 when an object was left out because of an error, else 0. */
export function reportManifests({ diagnostics, skipped, texts, raw }: LoadedManifests, io: Io): number {
  io.err(formatDiagnostics(diagnostics, texts, io.errColors));
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  if (errors > 0) return exitCode.usage;
  if (raw.length === 0) {
    const others = Object.entries(skipped).map(([kind, count]) => `${count} ${kind}`);
    const files = [...texts.keys()].join(", ");
    io.err(
      others.length === 0
        ? `${files}: no objects\n`
        : `${files}: nothing that concerns network policies (only ${others.join(", ")})\n`,
    );
  }
  return exitCode.ok;
}
