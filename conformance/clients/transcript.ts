/** A command typed at a terminal, and what came of it. */
export interface Step {
  /** Line of the document, from 1. */
  readonly line: number;
  /** Shell text; more than one line when it was continued with `> `. */
  readonly command: string;
  /** Standard output and error as they would stand on the screen. */
  readonly expected: readonly string[];
  readonly exitCode: number;
  /** The lines that say what it prints, from 1; as many as none when there are none. */
  readonly output: { readonly from: number; readonly count: number };
}

/** A section of a document with the commands in its `console` blocks. */
export interface Transcript {
  /** The nearest heading above. */
  readonly title: string;
  readonly steps: readonly Step[];
}

/**
 * Reads the `console` blocks of a Markdown document, so that a page that people read is a test. In a block, `$ ` begins a
 * command and `> ` or a here-document continues it; what follows is what it prints; `[exit N]` as the last line is its exit code when it is
 * not 0. Sections without a block are left out.
 */
export function readTranscripts(markdown: string): readonly Transcript[] {
  const transcripts: { title: string; steps: Step[] }[] = [];
  let title = "";
  let inBlock = false;
  let steps: Step[] | undefined;
  let current: { line: number; command: string; printed: string[] } | undefined;
  const finish = () => {
    if (current === undefined || steps === undefined) return;
    const { line, command, printed } = current;
    const exit = /^\[exit (\d+)\]$/.exec(printed.at(-1) ?? "");
    const expected = exit === null ? printed : printed.slice(0, -1);
    const output = { from: line + command.split("\n").length, count: printed.length };
    steps.push({ line, command, expected, exitCode: Number(exit?.[1] ?? 0), output });
    current = undefined;
  };
  for (const [index, text] of markdown.split("\n").entries()) {
    if (!inBlock) {
      const heading = /^#+ (.*)$/.exec(text);
      if (heading !== null) {
        title = heading[1]!;
        steps = undefined;
      } else if (text === "```console") {
        inBlock = true;
        if (steps === undefined) {
          steps = [];
          transcripts.push({ title, steps });
        }
      }
      continue;
    }
    if (text === "```") {
      finish();
      inBlock = false;
    } else if (text.startsWith("$ ")) {
      finish();
      current = { line: index + 1, command: text.slice(2), printed: [] };
    } else if (current === undefined) {
      throw new Error(`line ${index + 1}: output before any command`);
    } else if (text.startsWith("> ") && current.printed.length === 0) {
      current.command += `\n${text.slice(2)}`;
    } else if (isInHereDocument(current.command)) {
      current.command += `\n${text}`;
    } else {
      current.printed.push(text);
    }
  }
  return transcripts;
}

/** Whether the shell would still read what stands on the next lines as the command's input. */
function isInHereDocument(command: string): boolean {
  const [first = "", ...rest] = command.split("\n");
  const end = /<<'?(\w+)'?/.exec(first)?.[1];
  return end !== undefined && !rest.includes(end);
}

/** The document with what its commands really print, for steps in the order of the document. */
export function rewritten(
  markdown: string,
  results: readonly { readonly step: Step; readonly text: string; readonly code: number }[],
): string {
  const lines = markdown.split("\n");
  for (const { step, text, code } of results.toReversed()) {
    const printed = text === "" ? [] : text.replace(/\n$/, "").split("\n");
    if (code !== 0) printed.push(`[exit ${code}]`);
    lines.splice(step.output.from - 1, step.output.count, ...printed);
  }
  return lines.join("\n");
}

/**
 * What differs between what a page says and what was printed, undefined when nothing of account does. Runs of spaces are
 * one space; an age stands for any age, an address for any address of its family, a date for any date; `…` stands for
 * anything within a line, and alone on a line for any lines.
 */
export function mismatch(expected: readonly string[], printed: string): string | undefined {
  const actual = printed.replace(/\n$/, "").split("\n").map(normal);
  const wanted = expected.map(normal);
  while (wanted.at(-1) === "") wanted.pop();
  while (actual.at(-1) === "") actual.pop();
  return matches(wanted, actual) ? undefined : difference(expected, printed);
}

function matches(wanted: readonly string[], actual: readonly string[]): boolean {
  const [first, ...rest] = wanted;
  if (first === undefined) return actual.length === 0;
  if (first === "…") {
    return actual.some((_, index) => matches(rest, actual.slice(index))) || matches(rest, []);
  }
  return actual.length > 0 && pattern(first).test(actual[0]!) && matches(rest, actual.slice(1));
}

const normal = (line: string): string => line.replace(/\s+/g, " ").trim();

/** What varies from run to run, each with what may stand in its place. */
const variables: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z"],
  [/^(\d+[smhd]){1,2}$/, "(?:\\d+[smhd]){1,2}"],
  [/^\d+\.\d+\.\d+\.\d+$/, "\\d+\\.\\d+\\.\\d+\\.\\d+"],
  [/^fd00:[0-9a-f:]+$/, "fd00:[0-9a-f:]+"],
  [/^…$/, ".*"],
];
const token =
  /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|\d+\.\d+\.\d+\.\d+|fd00:[0-9a-f:]+|\b(?:\d+[smhd]){1,2}\b|…/g;

function pattern(line: string): RegExp {
  let source = "";
  let end = 0;
  for (const match of line.matchAll(token)) {
    const [, stands] = variables.find(([is]) => is.test(match[0]))!;
    source += quote(line.slice(end, match.index)) + stands;
    end = match.index + match[0].length;
  }
  return new RegExp(`^${source}${quote(line.slice(end))}$`, "s");
}

const quote = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

function difference(expected: readonly string[], printed: string): string {
  return `expected:\n${expected.join("\n")}\n\nprinted:\n${printed}`;
}
