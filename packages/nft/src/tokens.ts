/** A word of nft's output; line breaks are words too (`\n`), because they end rules. */
export interface Token {
  readonly text: string;
  /** It stood in double quotes. */
  readonly quoted: boolean;
  /** From 1. */
  readonly line: number;
}

const pattern = /"([^"]*)"|[{}();,|]|\n|[^\s{}();,|"]+/g;

/** Splits a listing into tokens. `#` comments do not occur in listings. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const match of text.matchAll(pattern)) {
    const quoted = match[1] !== undefined;
    tokens.push({ text: match[1] ?? match[0], quoted, line });
    if (match[0] === "\n") line++;
  }
  return tokens;
}
