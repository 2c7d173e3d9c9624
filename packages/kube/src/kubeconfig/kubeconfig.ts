import path from "node:path";
import { parse } from "yaml";
import { KubeconfigError } from "./kubeconfig-error.ts";

/** A cluster, user or context as it is written: what it means is looked at when it is used. */
export interface KubeconfigEntry {
  readonly name: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** The file that it stands in: relative paths start from there. */
  readonly file: string;
}

/** One kubeconfig, or several merged (client-go, clientcmd/api/v1 Config). */
export interface Kubeconfig {
  readonly files: readonly string[];
  /** "" when none is set. */
  readonly currentContext: string;
  readonly clusters: ReadonlyMap<string, KubeconfigEntry>;
  readonly users: ReadonlyMap<string, KubeconfigEntry>;
  readonly contexts: ReadonlyMap<string, KubeconfigEntry>;
}

/**
 * Reads a kubeconfig, YAML 1.1 or JSON. Fields that are not known are left alone, as kubectl does.
 * @throws KubeconfigError when it is neither, or is made otherwise.
 */
export function readKubeconfig(text: string, file: string): Kubeconfig {
  const config = parseText(text, file);
  const currentContext = config["current-context"] ?? "";
  if (typeof currentContext !== "string") throw new KubeconfigError(`${file}: current-context is no text`);
  return {
    files: [file],
    currentContext,
    clusters: entries(config, "clusters", "cluster", file),
    users: entries(config, "users", "user", file),
    contexts: entries(config, "contexts", "context", file),
  };
}

/** Merges as kubectl does: of what occurs twice, the first counts. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const merged = (list: "clusters" | "users" | "contexts") =>
    new Map(configs.toReversed().flatMap((config) => [...config[list]]));
  return {
    files: configs.flatMap(({ files }) => files),
    currentContext: configs.find(({ currentContext }) => currentContext !== "")?.currentContext ?? "",
    clusters: merged("clusters"),
    users: merged("users"),
    contexts: merged("contexts"),
  };
}

/** A path that stands in an entry, made absolute. */
export function pathIn(entry: KubeconfigEntry, file: string): string {
  return path.resolve(path.dirname(entry.file), file);
}

function parseText(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(text, { version: "1.1", logLevel: "error" });
  } catch (error) {
    throw new KubeconfigError(
      `${file}: cannot be read as a kubeconfig: ${(error as Error).message.split("\n")[0]}`,
    );
  }
  if (value === null || value === undefined) return {};
  if (!isRecord(value)) throw new KubeconfigError(`${file}: is no kubeconfig`);
  return value;
}

function entries(
  config: Readonly<Record<string, unknown>>,
  list: string,
  inner: string,
  file: string,
): ReadonlyMap<string, KubeconfigEntry> {
  const value = config[list] ?? [];
  if (!Array.isArray(value)) throw new KubeconfigError(`${file}: its ${list} are no list`);
  const found = new Map<string, KubeconfigEntry>();
  for (const [index, item] of value.entries()) {
    const name = isRecord(item) ? item.name : undefined;
    const fields = isRecord(item) ? (item[inner] ?? {}) : undefined;
    if (typeof name !== "string" || !isRecord(fields))
      throw new KubeconfigError(`${file}: ${list}[${index}] has no name, or no ${inner}`);
    if (!found.has(name)) found.set(name, { name, fields, file });
  }
  return found;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
