import { textWidth } from "@portcullis/engine";

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences begin with the escape character
const colour = /\u001b\[[0-9;]*m/g;

/** Columns that a text takes on a terminal; its colours take none. */
const shownWidth = (text: string): number => textWidth(text.replace(colour, ""));

/** Breaks a paragraph at spaces so that no line is wider than `width`; a longer word gets a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    if (line !== "" && shownWidth(line) + 1 + shownWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  if (line !== "") lines.push(line);
  return lines;
}

/** Wraps lines that may be indented: what does not fit goes on below, two columns further in. */
export function wrapLines(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => {
    const indent = /^ */.exec(line)![0];
    const [first, ...rest] = wrap(line, width - indent.length - 2);
    return first === undefined ? [""] : [indent + first, ...rest.map((more) => `${indent}  ${more}`)];
  });
}
