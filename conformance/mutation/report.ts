import type { Mutant } from "./mutant.ts";

export interface Result {
  readonly mutant: Mutant;
  readonly stage: "agreement" | "tests" | "survived";
  /** How it was caught; undefined for one that survived. */
  readonly how: string | undefined;
}

/** The score by file, and what survived. */
export function reportText(results: readonly Result[]): string {
  const files = [...new Set(results.map(({ mutant }) => mutant.file))];
  const rows = [
    ...files.map((file) =>
      row(
        file.replace(/^packages\//, ""),
        results.filter(({ mutant }) => mutant.file === file),
      ),
    ),
    row("all", results),
  ];
  const survivors = results
    .filter(({ stage }) => stage === "survived")
    .map(({ mutant }) => survivorText(mutant));
  return `\n${header}\n${rows.join("\n")}\n\nSurvivors\n${survivors.join("") || "none\n"}`;
}

const header = `${"file".padEnd(44)} mutants  agreement  tests  survived  score`;

function row(name: string, results: readonly Result[]): string {
  const count = (wanted: Result["stage"]) => results.filter(({ stage }) => stage === wanted).length;
  const score = results.length === 0 ? 1 : 1 - count("survived") / results.length;
  return [
    name.padEnd(44),
    String(results.length).padStart(7),
    String(count("agreement")).padStart(10),
    String(count("tests")).padStart(6),
    String(count("survived")).padStart(9),
    `${(100 * score).toFixed(1)}%`.padStart(6),
  ].join(" ");
}

function survivorText({ file, line, original, replacement }: Mutant): string {
  const short = (text: string) => text.replaceAll(/\s+/g, " ").trim() || "(body)";
  return `${file}:${line}\n  - ${short(original)}\n  + ${short(replacement)}\n`;
}
