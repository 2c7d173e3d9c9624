import { textWidth } from "@portcullis/engine";

/** Breaks a paragraph at spaces so that no line is wider than `width`; a longer word gets a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    if (line !== "" && textWidth(line) + 1 + textWidth(word) > width) {
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
