import { NftError } from "./nft-error.ts";

/** A command of a transaction and the operation it came from. */
export interface Command {
  readonly text: string;
  readonly operation: number;
}

/** What stands between the commands of a one-line transaction. */
export const SEPARATOR = "; ";

function commandAtColumn(commands: readonly Command[], column: number): Command | undefined {
  let start = 0;
  for (const command of commands) {
    start += command.text.length + SEPARATOR.length;
    if (column < start) return command;
  }
  return undefined;
}

function toError(lines: readonly string[], command: Command | undefined): NftError | undefined {
  const words = lines
    .filter((line) => /(^|: )Error: /.test(line))
    .map((line) => line.replace(/^.*?(?=Error: )/, ""));
  if (words.length === 0) return undefined;
  return new NftError([...new Set(words)].join("\n"), command?.text, command?.operation);
}

/** Reads what the interactive nft printed: each error, the line, and carets below the words it means. */
export function errorOfLine(output: string, commands: readonly Command[]): NftError | undefined {
  const lines = output.split("\n");
  const carets = lines.find((line) => /^[ ~]*\^[\^~ ]*$/.test(line));
  return toError(lines, carets === undefined ? undefined : commandAtColumn(commands, carets.indexOf("^")));
}

/** Reads what `nft -f -` printed of a text with one command a line: `/dev/stdin:3:5-9: Error: …`. */
export function errorOfFile(output: string, commands: readonly Command[]): NftError | undefined {
  const line = /^[^:\n]*:([0-9]+):[0-9]+-[0-9]+: Error: /m.exec(output)?.[1];
  return toError(output.split("\n"), line === undefined ? undefined : commands[Number(line) - 1]);
}
