import path from "node:path";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { WorldOptions } from "./world-options.ts";

/** Where a command's objects come from. */
export type WorldSource =
  | { readonly kind: "files"; readonly names: readonly string[] }
  | { readonly kind: "cluster"; readonly kubeconfig?: string; readonly context?: string }
  | { readonly kind: "sandbox"; readonly name: string }
  /** The running sandbox `default`, or else, in a pod, its own cluster. */
  | { readonly kind: "nearest" };

/**
 * What the options say. A kubeconfig is used only when it is asked for, because its current context may be anything;
 * `kubectl portcullis` asks for it by being kubectl. Fails with CliError (exit code 2) for options that contradict each
 * other.
 */
export function worldSource(options: WorldOptions, asPlugin = isKubectlPlugin()): WorldSource {
  const { filename, kubeconfig, context, name } = options;
  const live = liveOption(options);
  if (filename !== undefined) {
    if (live !== undefined) throw contradiction("-f", live);
    return { kind: "files", names: filename };
  }
  if (live !== undefined && name !== undefined) throw contradiction("--name", live);
  if (live !== undefined || (asPlugin && name === undefined)) {
    return {
      kind: "cluster",
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
    };
  }
  return name === undefined ? { kind: "nearest" } : { kind: "sandbox", name };
}

/** Whether kubectl runs us: under the name of its plugin. */
export function isKubectlPlugin(script = process.argv[1] ?? ""): boolean {
  return path.basename(script).startsWith("kubectl-");
}

function liveOption({ kubeconfig, context, cluster, within }: WorldOptions): string | undefined {
  if (context !== undefined) return "--context";
  if (kubeconfig !== undefined) return "--kubeconfig";
  if (within !== undefined) return "--within";
  return cluster === true ? "--cluster" : undefined;
}

function contradiction(one: string, other: string): CliError {
  return new CliError(
    exitCode.usage,
    `${one} and ${other} contradict each other`,
    "Objects come from files (-f), from a cluster (--context, --kubeconfig, --cluster) or from a sandbox (--name).",
  );
}
