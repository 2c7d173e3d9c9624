import { type Cluster, type Finding, type LintOptions, lint } from "@portcullis/engine";
import type { LoadedManifests } from "../input/load-manifests.ts";
import type { LintConfig } from "./lint-config.ts";

/** Rules that say of a refused object what its diagnostic says, and more. */
const explained = new Set(["empty-peer", "unserved-api-version"]);

/**
 * The findings of a cluster, with what was wrong with reading its manifests as findings among them, by file and place.
 * With `only`, those rules alone.
 */
export function collectFindings(
  cluster: Cluster,
  manifests: LoadedManifests | undefined,
  config: LintConfig,
  only: readonly string[] | undefined,
  onRule: (code: string) => void = () => {},
): readonly Finding[] {
  const options: LintOptions = {
    severities: config.severities,
    assumptions: config,
    onRule,
    ...(only !== undefined && { only }),
    ...(manifests && { manifests: { ...manifests, values: manifests.raw } }),
  };
  const found = lint(cluster, options);
  const told = new Set(found.filter(({ code }) => explained.has(code)).map(placeKey));
  const reading = only === undefined ? (manifests?.diagnostics ?? []) : [];
  const all: Finding[] = [...reading.filter((diagnostic) => !told.has(placeKey(diagnostic))), ...found];
  return all
    .filter(({ range }) => range === undefined || !config.excludes(range.file))
    .map((finding, index) => ({ finding, index }))
    .sort((a, b) => byPlace(a.finding, b.finding) || a.index - b.index)
    .map(({ finding }) => finding);
}

function placeKey({ range, path }: Pick<Finding, "range" | "path">): string {
  return `${range?.file}:${range?.start.offset} ${path}`;
}

/** What has no place comes last. */
function byPlace({ range: a }: Finding, { range: b }: Finding): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.start.offset - b.start.offset;
}
