import path from "node:path";
import { type Cluster, type Finding, lintCatalogue, type Severity, unifiedDiff } from "@portcullis/engine";
import { type LoadedManifests, loadManifests } from "../input/load-manifests.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { commandProgress } from "../io/progress.ts";
import { formatYaml } from "../text/yaml.ts";
import { loadWorld } from "../world/load-world.ts";
import type { WorldOptions } from "../world/world-options.ts";
import { collectFindings } from "./collect-findings.ts";
import { fixManifests } from "./fix-manifests.ts";
import { formatFindings, type LintFormat } from "./format-findings.ts";
import { checkCode, loadLintConfig } from "./lint-config.ts";
import { writeFileWhole } from "./write-file.ts";

export interface LintCommandOptions extends WorldOptions {
  readonly rule?: readonly string[];
  readonly listRules?: boolean;
  readonly failOn: Severity | "never";
  readonly exitZero?: boolean;
  readonly config?: string;
  readonly fix?: boolean;
  readonly unsafeFixes?: boolean;
  readonly dryRun?: boolean;
  readonly output: LintFormat;
}

export async function runLint(options: LintCommandOptions, io: Io): Promise<number> {
  const fail = (message: string, mend?: string): never => {
    throw new CliError(exitCode.usage, message, mend);
  };
  for (const code of options.rule ?? []) checkCode(code, fail);
  if (options.listRules === true) return listRules(options.output, io);
  if (options.fix === true && (options.filename === undefined || options.filename.includes("-")))
    return fail("--fix needs files that it can write: give -f FILE");
  if (options.fix !== true && (options.dryRun === true || options.unsafeFixes === true))
    return fail("--dry-run and --unsafe-fixes go with --fix");

  const config = loadLintConfig(options.config, startOf(options));
  // What is wrong with the manifests is among the findings.
  const { cluster, manifests, others } = await loadWorld(options, io, {
    diagnostics: false,
    ingresses: true,
  });
  const progress = commandProgress(io, options);
  const collect = (now: Cluster, read: LoadedManifests | undefined) =>
    collectFindings(now, read ?? { ...loadManifests([]), others }, config, options.rule, (code) =>
      progress.show(`looking for ${code}`),
    );
  const findings = collect(cluster, manifests);
  progress.end();
  if (options.fix === true && manifests !== undefined) return fix(manifests, findings, collect, options, io);
  return tell(findings, manifests?.texts ?? new Map(), options, io);
}

function fix(
  manifests: LoadedManifests,
  findings: readonly Finding[],
  collect: (cluster: Cluster, manifests: LoadedManifests) => readonly Finding[],
  options: LintCommandOptions,
  io: Io,
): number {
  const fixed = fixManifests(manifests, findings, options.unsafeFixes === true, collect, options.staged);
  const patch = [...fixed.changed]
    .map(([file, text]) => unifiedDiff(file, manifests.texts.get(file)!, text))
    .join("");
  const summary = `${fixed.fixes} ${fixed.fixes === 1 ? "fix" : "fixes"} in ${fixed.changed.size} ${fixed.changed.size === 1 ? "file" : "files"}`;
  if (options.dryRun === true) {
    io.out(patch);
    io.err(`${summary}; nothing was written\n`);
    return codeFor(fixed.findings, options);
  }
  for (const [file, text] of fixed.changed) writeFileWhole(file, text);
  io.err(`${patch}${summary}\n`);
  return tell(fixed.findings, fixed.manifests.texts, options, io);
}

function tell(
  findings: readonly Finding[],
  texts: ReadonlyMap<string, string>,
  options: LintCommandOptions,
  io: Io,
): number {
  io.out(formatFindings(findings, options.output, texts, io.outColors));
  io.err(`${summaryOf(findings)}\n`);
  return codeFor(findings, options);
}

const severities: readonly Severity[] = ["error", "warning", "info"];

function codeFor(findings: readonly Finding[], { failOn, exitZero }: LintCommandOptions): number {
  if (failOn === "never" || exitZero === true) return exitCode.ok;
  const counted = severities.slice(0, severities.indexOf(failOn) + 1);
  return findings.some(({ severity }) => counted.includes(severity)) ? exitCode.finding : exitCode.ok;
}

function summaryOf(findings: readonly Finding[]): string {
  if (findings.length === 0) return "nothing found";
  const words = {
    error: ["error", "errors"],
    warning: ["warning", "warnings"],
    info: ["remark", "remarks"],
  } as const;
  const parts = severities.flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${words[severity][count === 1 ? 0 : 1]}`];
  });
  return parts.join(", ");
}

function listRules(output: LintFormat, io: Io): number {
  const rules = lintCatalogue.map(({ code, severity, title, help }) => ({ code, severity, title, help }));
  if (output === "json" || output === "yaml") {
    io.out(output === "json" ? `${JSON.stringify({ rules }, null, 2)}\n` : formatYaml({ rules }));
    return exitCode.ok;
  }
  const width = Math.max(...rules.map(({ code }) => code.length));
  io.out(`${"CODE".padEnd(width)}   SEVERITY   TITLE\n`);
  for (const { code, severity, title } of rules)
    io.out(`${code.padEnd(width)}   ${severity.padEnd(8)}   ${title}\n`);
  return exitCode.ok;
}

/** Where the search for settings begins: at the first file or directory. */
function startOf({ filename = [] }: LintCommandOptions): string {
  const first = filename.find((name) => name !== "-");
  if (first === undefined) return ".";
  return /\.(?:ya?ml|json)$/i.test(first) ? path.dirname(first) : first;
}
