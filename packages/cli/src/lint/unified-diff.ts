import { type DiffLine, lineDiff } from "../text/line-diff.ts";

const context = 3;

/** What changed in a file as a patch in unified format, which `patch -p1` and `git apply` take. */
export function unifiedDiff(file: string, before: string, after: string): string {
  if (before === after) return "";
  const lines = diffLines(before.split("\n"), after.split("\n"));
  const name = file.replace(/^(?:\.\/)+/, "");
  return `--- a/${name}\n+++ b/${name}\n${[...hunks(lines)].join("")}`;
}

/** Only what lies between the equal heads and tails is compared line by line. */
function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const same = (text: string): DiffLine => ({ sign: " ", text });
  const [a, b] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  const middle: DiffLine[] =
    a.length * b.length > 4_000_000
      ? [
          ...a.map((text) => ({ sign: "-" as const, text })),
          ...b.map((text) => ({ sign: "+" as const, text })),
        ]
      : lineDiff(a, b);
  return [...before.slice(0, head).map(same), ...middle, ...before.slice(before.length - tail).map(same)];
}

function* hunks(lines: readonly DiffLine[]): Iterable<string> {
  const changed = lines.flatMap(({ sign }, index) => (sign === " " ? [] : [index]));
  // The last line is what follows the last line feed: nothing, when the text ends with one.
  const last = lines.length - (lines.at(-1)?.sign === " " && lines.at(-1)!.text === "" ? 1 : 0);
  const before = countBefore(lines, "+");
  const after = countBefore(lines, "-");
  for (let at = 0; at < changed.length; ) {
    let to = at;
    while (to + 1 < changed.length && changed[to + 1]! - changed[to]! <= 2 * context) to++;
    const from = Math.max(0, changed[at]! - context);
    const end = Math.min(last, changed[to]! + context + 1);
    const part = lines.slice(from, end);
    const [removed, added] = [
      part.filter(({ sign }) => sign !== "+").length,
      part.filter(({ sign }) => sign !== "-").length,
    ];
    yield `@@ -${before[from]! + (removed > 0 ? 1 : 0)},${removed} +${after[from]! + (added > 0 ? 1 : 0)},${added} @@\n`;
    for (const { sign, text } of part) yield `${sign}${text}\n`;
    at = to + 1;
  }
}

/** Of each line, how many lines of one side stand before it: those that are not of the other sign. */
function countBefore(lines: readonly DiffLine[], other: "+" | "-"): readonly number[] {
  let count = 0;
  return lines.map(({ sign }) => (sign === other ? count : count++));
}
