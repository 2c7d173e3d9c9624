import { applyFixes, type Cluster, type Finding } from "@portcullis/engine";
import { type LoadedManifests, loadManifests } from "../input/load-manifests.ts";
import { clusterOf } from "../world/cluster-of.ts";

/** What fixing came to. */
export interface FixedManifests {
  readonly manifests: LoadedManifests;
  readonly cluster: Cluster;
  readonly findings: readonly Finding[];
  /** Files whose text is another now. */
  readonly changed: ReadonlyMap<string, string>;
  readonly fixes: number;
}

const mostRounds = 10;

/**
 * Applies fixes until none is left that can be: one may uncover, or stand in the way of, another. A file whose fixed text
 * does not read as well as before stays as it was. With `staged`, staged policies count as in force.
 */
export function fixManifests(
  manifests: LoadedManifests,
  findings: readonly Finding[],
  withUnsafe: boolean,
  collect: (cluster: Cluster, manifests: LoadedManifests) => readonly Finding[],
  staged = false,
): FixedManifests {
  let now: FixedManifests = {
    manifests,
    cluster: clusterOf(manifests.objects),
    findings,
    changed: new Map(),
    fixes: 0,
  };
  const givenUp = new Set<string>();
  for (let round = 0; round < mostRounds; round++) {
    const texts = new Map(now.manifests.texts);
    let { fixes } = now;
    for (const [file, text] of now.manifests.texts) {
      if (givenUp.has(file)) continue;
      const mine = now.findings.filter(
        ({ range, fix }) => range?.file === file && fix && (fix.safe || withUnsafe),
      );
      const fixed = applyFixes(file, text, mine);
      if (fixed.applied.length === 0) continue;
      if (!readsAsWell(file, text, fixed.text)) {
        givenUp.add(file);
        continue;
      }
      texts.set(file, fixed.text);
      fixes += fixed.applied.length;
    }
    if (fixes === now.fixes) break;
    const next = loadManifests(
      [...texts].map(([path, text]) => ({ path, text })),
      undefined,
      staged,
    );
    const cluster = clusterOf(next.objects);
    const changed = new Map([...texts].filter(([file, text]) => manifests.texts.get(file) !== text));
    now = { manifests: next, cluster, findings: collect(cluster, next), changed, fixes };
  }
  return now;
}

/** No object is lost, and nothing more is wrong than was. */
function readsAsWell(path: string, before: string, after: string): boolean {
  const [old, now] = [before, after].map((text) => loadManifests([{ path, text }]));
  return now!.objects.length >= old!.objects.length && now!.diagnostics.length <= old!.diagnostics.length;
}
