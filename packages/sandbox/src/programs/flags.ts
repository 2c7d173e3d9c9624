/** Flags as Go programs take them: `-name value`, `--name=value`; one without a value is "true". The rest are arguments. */
export function readFlags(argv: readonly string[]): {
  readonly flags: ReadonlyMap<string, string>;
  readonly args: readonly string[];
} {
  const flags = new Map<string, string>();
  const args: string[] = [];
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const parts = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(word);
    const name = parts?.[1];
    if (name === undefined) args.push(word);
    else if (parts?.[2] !== undefined) flags.set(name, parts[2]);
    else if (words[0] !== undefined && !words[0].startsWith("-")) flags.set(name, words.shift()!);
    else flags.set(name, "true");
  }
  return { flags, args };
}

/** A port in a flag or a variable: a number, or an address that ends in one (`:5678`). @throws Error */
export function portOf(text: string): number {
  const port = Number(/(\d+)$/.exec(text)?.[1] ?? Number.NaN);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`${text} is no port`);
}
