import { isConfirmed, type NetworkPolicy } from "@portcullis/engine";
import { loadManifests } from "../input/load-manifests.ts";
import { readFiles } from "../input/read-files.ts";
import { reportManifests } from "../input/report-manifests.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { commandProgress } from "../io/progress.ts";
import { withSandbox } from "../world/with-sandbox.ts";
import { expandManifests } from "./expand.ts";
import { loadAssertions } from "./load-assertions.ts";
import type { ProbePort } from "./port-spec.ts";
import { printVerification } from "./print-verification.ts";
import { runVerify } from "./run-verify.ts";

export interface VerifyOptions {
  readonly filename: readonly string[];
  readonly recursive?: boolean;
  readonly assert: readonly string[];
  readonly maxReplicas: number;
  readonly port: readonly ProbePort[];
  readonly pods?: boolean;
  readonly output: string;
}

/**
 * The whole command: reads, runs, prints. Gives the exit code: 1 for a disagreement or a failed assertion, else 2 when
 * an object had an error and was left out.
 */
export async function verify(options: VerifyOptions, io: Io): Promise<number> {
  const manifests = loadManifests(await readFiles(options.filename, options.recursive === true, io));
  const code = reportManifests(manifests, io);
  const standIns = expandManifests(manifests.objects, manifests.raw, options.maxReplicas);
  if (standIns.pods.length === 0) {
    throw new CliError(
      exitCode.usage,
      "these manifests make no pods, so there is nothing to send packets between",
    );
  }
  const assertionFiles = options.assert.length === 0 ? [] : await readFiles(options.assert, false, io);
  const assertions = loadAssertions(assertionFiles, manifests, standIns, io);
  const policies = manifests.objects.filter(
    (object): object is NetworkPolicy => object.kind === "NetworkPolicy",
  );
  const progress = commandProgress(io, {});
  const name = `verify-${process.pid}`;
  const verification = await withSandbox({ name }, io, (sandbox, signal) =>
    runVerify(sandbox, signal, { standIns, policies, assertions, ports: options.port, progress }),
  ).finally(() => progress.end());
  printVerification(verification, options.output, options.pods === true, io, process.stdout.columns);
  return isConfirmed(verification) ? code : exitCode.finding;
}
