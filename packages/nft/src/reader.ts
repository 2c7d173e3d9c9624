import { NftParseError } from "./parse-error.ts";
import { type Token, tokenize } from "./tokens.ts";

/** Walks the tokens of a listing. Every method throws NftParseError at what it does not expect. */
export class Reader {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokenize(source);
  }

  /** The next word, undefined at the end. */
  peek(ahead = 0): string | undefined {
    return this.#tokens[this.#at + ahead]?.text;
  }

  /** The next token as it is. */
  take(what: string): Token {
    const token = this.#tokens[this.#at];
    if (!token) return this.fail(`the text ends where ${what} should be`);
    this.#at++;
    return token;
  }

  /** The next word, which may be any but punctuation or a line's end. */
  word(what: string): string {
    const token = this.take(what);
    if (!token.quoted && /^[{}();,|\n]$/.test(token.text)) {
      this.#at--;
      return this.fail(`expected ${what}`);
    }
    return token.text;
  }

  /** Steps over `text` if it is next. */
  accept(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.text !== text || token.quoted) return false;
    this.#at++;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`expected ${JSON.stringify(text)}`);
  }

  /** A whole number. */
  number(what: string): number {
    const text = this.word(what);
    const value = Number(text);
    if (!/^-?[0-9]+$/.test(text)) {
      this.#at--;
      return this.fail(`expected ${what}`);
    }
    return value;
  }

  skipLineBreaks(): void {
    while (this.accept("\n") || this.accept(";"));
  }

  /** @throws NftParseError always, with the line of the next token. */
  fail(message: string): never {
    const line = (this.#tokens[this.#at] ?? this.#tokens.at(-1))?.line ?? 1;
    throw new NftParseError(message, line, this.#source.split("\n")[line - 1] ?? "");
  }
}
