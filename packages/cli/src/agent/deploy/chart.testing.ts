import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { KubeObject } from "@portcullis/kube";
import { parseAllDocuments } from "yaml";

export const root = fileURLToPath(new URL("../../../../../", import.meta.url));
const helm = join(root, "node_modules", ".cache", "portcullis", "helm", "helm");
const chart = join(root, "deploy", "helm", "portcullis");

/** Why the chart cannot be rendered here; undefined when it can. */
export const whyNoHelm: string | undefined = existsSync(helm)
  ? undefined
  : "helm is not here: node scripts/fetch-kubectl.mjs brings it";

/** The namespace that the plain manifests are for. */
export const namespace = "portcullis-system";

interface Rendered {
  /** What helm has against it; "" when it renders. */
  readonly refusal: string;
  /** YAML, as text. */
  readonly text: string;
  readonly objects: readonly KubeObject[];
}

/** The chart with these values (`metrics.enabled=true`), JSON where they are no words. */
export function render(...values: readonly string[]): Rendered {
  const sets = values.flatMap((value) => ["--set-json", value]);
  const { status, stdout, stderr } = helmSays("template", "portcullis", chart, "-n", namespace, ...sets);
  return {
    refusal: status === 0 ? "" : stderr,
    text: stdout,
    objects: status === 0 ? objectsOf(stdout) : [],
  };
}

export function lint() {
  return helmSays("lint", chart, "--strict");
}

function helmSays(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(helm, args, { encoding: "utf8" });
  return { status, stdout, stderr };
}

export function readManifest(name: string): string {
  return readFileSync(join(root, "deploy", "manifests", name), "utf8");
}

export function objectsOf(text: string): readonly KubeObject[] {
  const documents = parseAllDocuments(text);
  for (const document of documents) if (document.errors.length > 0) throw document.errors[0];
  return documents.map((document) => document.toJS() as KubeObject).filter((object) => object !== null);
}
