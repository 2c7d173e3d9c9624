import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { type Kubeconfig, mergeKubeconfigs, readKubeconfig } from "./kubeconfig.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";

export type Env = Readonly<Record<string, string | undefined>>;

export interface KubeconfigPlace {
  /** A file instead of those that the environment names. */
  readonly kubeconfig?: string | undefined;
  /** Default: the process's own. */
  readonly env?: Env;
}

/**
 * The kubeconfig that kubectl would use: the file that is named, else those of $KUBECONFIG merged, else ~/.kube/config.
 * Files that are not there count as empty, save one that is named.
 * @throws KubeconfigError for what cannot be read.
 */
export function loadKubeconfig(place: KubeconfigPlace = {}): Kubeconfig {
  const { kubeconfig, env = process.env } = place;
  if (kubeconfig !== undefined) return readKubeconfig(readText(kubeconfig), path.resolve(kubeconfig));
  return mergeKubeconfigs(
    filesOf(env).flatMap((file) => {
      const text = readIfThere(file);
      return text === undefined ? [] : [readKubeconfig(text, path.resolve(file))];
    }),
  );
}

function filesOf(env: Env): readonly string[] {
  const named = [...new Set((env.KUBECONFIG ?? "").split(path.delimiter))].filter((file) => file !== "");
  return named.length > 0 ? named : [path.join(env.HOME || homedir(), ".kube", "config")];
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(file, error);
  }
}

/** The text of a file that a kubeconfig, or its user, names. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): KubeconfigError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === "ENOENT" ? "no such file" : code === "EACCES" ? "permission denied" : message;
  return new KubeconfigError(`${file}: ${why}`);
}
