import type { SourceRange } from "../model/source.ts";
import type { Finding } from "./finding.ts";
import type { ManifestSource } from "./manifest-source.ts";

/** A comment `# portcullis: ignore CODE -- reason`, for what stands on its own line or on the next. */
interface Ignore {
  readonly codes: readonly string[];
  readonly reason: string;
  readonly range: SourceRange;
  /** The lines whose findings it takes away. */
  readonly lines: readonly number[];
  readonly used: Set<string>;
}

/** What can be wrong with a comment itself; with pages like the rules. */
export const ignoreRules = [
  {
    code: "invalid-ignore",
    severity: "warning",
    title: "a comment that should silence lint and does not",
    help: "It needs the codes of existing rules and a reason: # portcullis: ignore CODE -- reason.",
  },
  {
    code: "unused-ignore",
    severity: "warning",
    title: "a comment silences a rule that finds nothing there",
    help: "What it excused is gone, or the comment stands at another line: it is for its own line, or for the next when it stands alone.",
  },
] as const;

/**
 * Takes away what comments say should not be told. A comment without a reason, or with a code that does not exist, counts
 * for nothing and is told; so is one that nothing was found for, unless its rule was not run.
 */
export function applyIgnores(
  findings: readonly Finding[],
  texts: ReadonlyMap<string, string>,
  source: ManifestSource,
  known: ReadonlySet<string>,
  ran: ReadonlySet<string>,
): readonly Finding[] {
  const told: Finding[] = [];
  const byFile = new Map<string, readonly Ignore[]>();
  for (const [file, text] of texts) {
    if (!text.includes("portcullis:")) continue;
    const ignores = [...readIgnores(text, file, source)];
    const valid = ignores.filter((ignore) => {
      const problem = problemOf(ignore, known);
      if (problem !== undefined) told.push(finding("invalid-ignore", problem, ignore.range));
      return problem === undefined;
    });
    byFile.set(file, valid);
  }
  const kept = findings.filter(({ code, range }) => {
    const ignore = (range ? (byFile.get(range.file) ?? []) : []).find(
      ({ codes, lines }) => codes.includes(code) && lines.includes(range!.start.line),
    );
    ignore?.used.add(code);
    return ignore === undefined;
  });
  for (const ignore of [...byFile.values()].flat()) {
    for (const code of ignore.codes) {
      if (ignore.used.has(code) || !ran.has(code)) continue;
      told.push(
        finding("unused-ignore", `Nothing is found for ${code} here: the comment can go.`, ignore.range),
      );
    }
  }
  return [...kept, ...told];
}

function finding(code: (typeof ignoreRules)[number]["code"], message: string, range: SourceRange): Finding {
  return { code, severity: "warning", message, path: "", range };
}

const form = "# portcullis: ignore CODE -- reason";

function problemOf({ codes, reason }: Ignore, known: ReadonlySet<string>): string | undefined {
  if (codes.length === 0) return `Not understood: write ${form}.`;
  const unknown = codes.find((code) => !known.has(code));
  if (unknown !== undefined) return `There is no rule ${unknown}.`;
  return reason === "" ? `Nothing is ignored without a reason: write ${form}.` : undefined;
}

function* readIgnores(text: string, file: string, source: ManifestSource): Iterable<Ignore> {
  const lines = text.split("\n");
  for (const match of text.matchAll(/(^|[ \t])#[ \t]*portcullis:[ \t]*([^\r\n]*)/gm)) {
    const start = match.index + match[1]!.length;
    const range = source.range(file, start, match.index + match[0].trimEnd().length);
    if (range === undefined) continue;
    const [instruction = "", ...reasons] = match[2]!.split(/\s--\s/);
    const words = instruction.trim().split(/[\s,]+/);
    const lineStart = text.lastIndexOf("\n", start - 1) + 1;
    const alone = text.slice(lineStart, start).trim() === "";
    yield {
      codes: words[0] === "ignore" ? words.slice(1) : [],
      reason: reasons.join(" -- ").trim(),
      range,
      lines: alone ? [nextCodeLine(lines, range.start.line)] : [range.start.line],
      used: new Set(),
    };
  }
}

/** The line that a comment stands above: other comments may come between. */
function nextCodeLine(lines: readonly string[], line: number): number {
  let next = line;
  while (next < lines.length && /^\s*(?:#.*)?$/.test(lines[next]!)) next++;
  return next + 1;
}
