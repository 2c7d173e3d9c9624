import { type DiffLine, lineDiff } from "./line-diff.ts";

const context = 3;

/** Lines of the two sides together that are compared one by one; larger changes are shown as a whole. */
const mostCompared = 4_000_000;

/**
 * What changed in a file as a patch in unified format, which `patch -p1` and `git apply` take. Undefined is the text of a
 * file that is not there; between that and an empty file lies no line, and so no patch.
 */
export function unifiedDiff(file: string, before: string | undefined, after: string | undefined): string {
  const lines = diffLines(linesOf(before ?? ""), linesOf(after ?? ""));
  if (lines.every(({ sign }) => sign === " ")) return "";
  const name = file.replace(/^(?:\.\/)+/, "");
  const [old, now] = [
    before === undefined ? "/dev/null" : `a/${name}`,
    after === undefined ? "/dev/null" : `b/${name}`,
  ];
  return `--- ${old}\n+++ ${now}\n${[...hunks(lines)].join("")}`;
}

/** With their line feeds, which the last one may lack. */
const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Only what lies between the equal heads and tails is compared line by line. */
function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const signed = (sign: DiffLine["sign"]) => (text: string) => ({ sign, text });
  const [old, now] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  const changed =
    old.length * now.length > mostCompared
      ? [...old.map(signed("-")), ...now.map(signed("+"))]
      : lineDiff(old, now);
  const same = signed(" ");
  return [...before.slice(0, head).map(same), ...changed, ...before.slice(before.length - tail).map(same)];
}

function* hunks(lines: readonly DiffLine[]): Iterable<string> {
  const changed = lines.flatMap(({ sign }, index) => (sign === " " ? [] : [index]));
  const before = countBefore(lines, "+");
  const after = countBefore(lines, "-");
  for (let at = 0; at < changed.length; ) {
    let to = at;
    while (to + 1 < changed.length && changed[to + 1]! - changed[to]! <= 2 * context) to++;
    const from = Math.max(0, changed[at]! - context);
    const part = lines.slice(from, changed[to]! + context + 1);
    const removed = part.filter(({ sign }) => sign !== "+").length;
    const added = part.filter(({ sign }) => sign !== "-").length;
    yield `@@ -${start(before[from]!, removed)},${removed} +${start(after[from]!, added)},${added} @@\n`;
    for (const { sign, text } of part)
      yield text.endsWith("\n") ? `${sign}${text}` : `${sign}${text}\n\\ No newline at end of file\n`;
    at = to + 1;
  }
}

/** An empty side begins after the line before it, any other at its first line. */
const start = (linesBefore: number, length: number): number => linesBefore + (length > 0 ? 1 : 0);

/** Of each line, how many lines of one side stand before it: those that are not of the other sign. */
function countBefore(lines: readonly DiffLine[], other: "+" | "-"): readonly number[] {
  let count = 0;
  return lines.map(({ sign }) => (sign === other ? count : count++));
}
