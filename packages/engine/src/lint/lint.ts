import type { Cluster } from "../cluster/cluster.ts";
import type { Severity } from "../model/diagnostic.ts";
import type { Finding } from "./finding.ts";
import { applyIgnores, ignoreRules } from "./ignores.ts";
import { type LintAssumptions, LintContext, type LintedManifests } from "./lint-context.ts";
import type { LintRule } from "./lint-rule.ts";
import { lintRules } from "./rules/index.ts";

export interface LintOptions {
  /** What was read, for places, comments and what was refused. */
  readonly manifests?: LintedManifests;
  /** Instead of a rule's own severity; "off" leaves it out. By code. */
  readonly severities?: Readonly<Record<string, Severity | "off">>;
  /** Only these rules; all when absent. */
  readonly only?: readonly string[];
  readonly assumptions?: Partial<LintAssumptions>;
  /** Called before each rule, with its code. */
  readonly onRule?: (code: string) => void;
}

/** Every rule, by code: what can be found and said of it. */
export const lintCatalogue: readonly Pick<LintRule, "code" | "severity" | "title" | "help">[] = [
  ...lintRules,
  ...ignoreRules,
].sort((a, b) => (a.code < b.code ? -1 : 1));

/** Every code that a finding can have. */
export const lintCodes: readonly string[] = lintCatalogue.map(({ code }) => code);

/**
 * What is odd about the policies of a cluster: by file and place; what has none comes last, by object. What comments
 * in the manifests say should be ignored is left out.
 */
export function lint(cluster: Cluster, options: LintOptions = {}): readonly Finding[] {
  const { manifests, severities = {}, only, assumptions, onRule } = options;
  const isOn = (code: string) => severities[code] !== "off" && (only === undefined || only.includes(code));
  const context = new LintContext(
    cluster,
    manifests,
    {
      namespaces: [],
      podCidrs: [],
      serviceCidrs: [],
      ...assumptions,
    },
    isOn,
  );
  const rules = lintRules.filter(({ code }) => isOn(code));
  const found: Finding[] = [];
  for (const rule of rules) {
    onRule?.(rule.code);
    for (const { severity, related, fix, ...place } of rule.check(context)) {
      found.push({
        code: rule.code,
        severity: (severities[rule.code] as Severity | undefined) ?? severity ?? rule.severity,
        ...place,
        ...(related !== undefined && related.length > 0 && { related }),
        ...(fix !== undefined && { fix }),
      });
    }
  }
  const ran = new Set(rules.map(({ code }) => code));
  const texts = manifests?.texts ?? new Map<string, string>();
  return applyIgnores(found, texts, context.source, new Set(lintCodes), ran)
    .filter(({ code }) => isOn(code))
    .map((finding) => withSeverity(finding, severities[finding.code]))
    .sort(byPlace);
}

function withSeverity(finding: Finding, severity: Severity | "off" | undefined): Finding {
  return severity === undefined || severity === "off" ? finding : { ...finding, severity };
}

function byPlace(a: Finding, b: Finding): number {
  if (a.range === undefined || b.range === undefined) {
    if (a.range !== b.range) return a.range === undefined ? 1 : -1;
    return compare(a.object ?? "", b.object ?? "") || compare(a.path, b.path) || compare(a.code, b.code);
  }
  return (
    compare(a.range.file, b.range.file) ||
    a.range.start.offset - b.range.start.offset ||
    compare(a.code, b.code) ||
    compare(a.message, b.message)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
